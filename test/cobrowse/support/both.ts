import type { Frame, Page } from 'playwright-core';
import { expect } from 'vitest';
import { Chromium } from '../../browser/chromium.ts';
import { openLab, type Lab } from './lab.ts';
import { replayFrame, replayShows, scrolledTo } from './picture.ts';
import { SECRET_PAGES } from './secret-pages.ts';
import { SHOP_PAGES } from './shop-pages.ts';

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

export type Pair = { shopper: Page; agent: Page; replay: Frame };

/** A shopper and an agent who look at the same page, in windows of their own; new for each test. */
export class Both {
  readonly #browser: Chromium;
  #lab: Lab | null = null;
  /** What the shop's page complained about. */
  #problems: string[] = [];
  #steps = 0;

  private constructor(browser: Chromium) {
    this.#browser = browser;
  }

  static async open(...flags: string[]): Promise<Both> {
    return new Both(await Chromium.open(flags.length > 0 ? { flags } : {}));
  }

  get lab(): Lab {
    if (!this.#lab) throw new Error('Nobody looks at anything yet.');
    return this.#lab;
  }

  async look(
    viewport = DESKTOP,
    path = 'home.html',
    pages: Parameters<typeof openLab>[0] = { ...SHOP_PAGES, ...SECRET_PAGES },
  ): Promise<Pair> {
    this.#lab = await openLab(pages);
    const shopper = await this.#newPage(viewport);
    shopper.on('pageerror', (error) => this.#problems.push(String(error)));
    shopper.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/.test(message.text())) this.#problems.push(message.text());
    });
    await shopper.goto(`${this.lab.shop}${path}`);
    const agent = await this.openConsole();
    return { shopper, agent, replay: await replayFrame(agent) };
  }

  async openConsole(): Promise<Page> {
    const agent = await this.#newPage(DESKTOP);
    await agent.goto(this.lab.console);
    return agent;
  }

  /** Waits until the replay has got everything that happened in the shop's page up to now, and stands where the page does. */
  async caughtUp({ shopper, replay }: Pick<Pair, 'shopper' | 'replay'>): Promise<void> {
    const step = String((this.#steps += 1));
    await shopper.evaluate((text) => document.querySelector('#step')?.replaceChildren(text), step);
    await replayShows(replay, step);
    // Scrolls have a way of their own, which is smooth to look at.
    await expect
      .poll(async () => Math.abs((await scrolledTo(replay)) - (await shopper.evaluate(() => scrollY))))
      .toBeLessThan(2);
  }

  /** After each test. The shop's page must not have complained, nor the server of what its recorder sent. */
  async leave(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
    const refused = this.#lab?.refused ?? [];
    await this.#lab?.close();
    this.#lab = null;
    const problems = this.#problems;
    this.#problems = [];
    expect(problems).toEqual([]);
    expect(refused).toEqual([]);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #newPage(viewport: { width: number; height: number }): Promise<Page> {
    return await this.#browser.newPage({ viewport, colorScheme: null });
  }
}
