import type { Locator, Page } from 'playwright-core';
import type { TestServer } from '../support/server.ts';
import { collectErrors } from './page-errors.ts';

/** A shopper in the demo shop, by what a person sees and does. */
export class ShopVisit {
  readonly page: Page;
  /** Errors of the page and of its console. */
  readonly errors: readonly string[];
  #server: () => TestServer;

  constructor(page: Page, server: () => TestServer) {
    this.page = page;
    this.#server = server;
    this.errors = collectErrors(page);
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(this.#server().origin + path);
  }

  get widget(): Locator {
    return this.page.locator('mostrador-widget');
  }

  get launcher(): Locator {
    return this.widget.getByRole('button', { name: /^(Chat with|Close the chat$|Back to your call)/ });
  }

  get log(): Locator {
    return this.widget.getByRole('log');
  }

  get field(): Locator {
    return this.widget.getByRole('textbox', { name: 'Your message' });
  }

  /** The agent, in a call. */
  get remotePicture(): Locator {
    return this.widget.getByLabel('Picture of Ana');
  }

  button(name: string | RegExp): Locator {
    return this.widget.getByRole('button', { name });
  }

  async open(): Promise<void> {
    await this.launcher.click();
    await this.field.waitFor();
  }

  /** On a phone the panel has gone by itself when the page is shown. */
  async closePanel(): Promise<void> {
    if (await this.field.isVisible()) await this.field.press('Escape');
    await this.field.waitFor({ state: 'hidden' });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  /** Waits until the chat shows a text. */
  async sees(text: string | RegExp): Promise<void> {
    await this.log.getByText(text).first().waitFor();
  }
}
