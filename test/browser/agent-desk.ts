import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { TestServer } from '../support/server.ts';
import type { Credentials } from '../support/team.ts';
import { collectErrors } from './page-errors.ts';

/** An agent at the console, by what a person sees and does. */
export class AgentDesk {
  readonly page: Page;
  readonly errors: readonly string[];
  #server: () => TestServer;

  constructor(page: Page, server: () => TestServer) {
    this.page = page;
    this.#server = server;
    this.errors = collectErrors(page);
  }

  /** As Ana, if nobody else is named; who is signed in stays so. */
  async signIn(who?: Credentials): Promise<void> {
    const { origin } = this.#server();
    const { email, password } = who ?? this.#server();
    await this.page.goto(`${origin}/console/`);
    const signOut = this.page.getByRole('button', { name: 'Sign out' });
    const field = this.page.getByLabel('Email');
    await signOut.or(field).first().waitFor();
    if (await signOut.isVisible()) return;
    await field.fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await signOut.waitFor();
  }

  /** The shopper, in a call. */
  get remotePicture(): Locator {
    return this.page.getByLabel("The shopper's video", { exact: true });
  }

  /** The shopper's shared screen. */
  get sharedScreen(): Locator {
    return this.page.locator('video[data-part="screen"]');
  }

  /** By its whole name. */
  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  get field(): Locator {
    return this.page.getByRole('textbox', { name: 'Your reply' });
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** The replayed page of the shopper. */
  get picture(): FrameLocator {
    return this.page.frameLocator('iframe[data-part="page"]').frameLocator('.page.shown iframe');
  }

  /** Opens the conversation whose line shows a text, and takes it. */
  async accept(text: string): Promise<void> {
    await this.page.locator('[data-line]').filter({ hasText: text }).first().click();
    await this.page.getByRole('button', { name: 'Take this conversation' }).click();
    await this.field.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.log.getByText(text).first().waitFor();
  }
}
