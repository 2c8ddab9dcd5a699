import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/server.ts';
import { AgentDesk } from './agent-desk.ts';
import { CHROMIUM_ARGUMENTS, ensureChromium } from './chromium.ts';
import { startWithTeam, type Credentials, type Member } from '../support/team.ts';
import { ShopVisit } from './shop-visit.ts';

/** Everything a browser test needs: the real server, a real Chromium, people in it. */
export class Stage {
  server: TestServer;
  /** How to sign in as each of the team. */
  readonly as: Record<string, Credentials>;
  /** Run in every page that is opened from now on, before its own scripts. */
  scripts: (() => void)[] = [];
  #browser: Browser;
  #profile: string;
  #contexts = new Set<BrowserContext>();
  #greetings = 0;

  constructor(server: TestServer, browser: Browser, profile: string, as: Record<string, Credentials>) {
    this.server = server;
    this.as = as;
    this.#browser = browser;
    this.#profile = profile;
  }

  /** `team`: colleagues of Ana, who is there always; `without`: arguments that Chromium is not given, `more`: that it is. */
  static async open(
    env: Record<string, string> = {},
    team: readonly Member[] = [],
    without: string[] = [],
    more: string[] = [],
  ): Promise<Stage> {
    const { server, as } =
      team.length > 0 ? await startWithTeam(team, env) : { server: await startServer(env), as: {} };
    const found = ensureChromium();
    if (!found.ok) throw new Error(found.reason);
    const profile = mkdtempSync(join(tmpdir(), 'mostrador-chromium-'));
    const browser = await chromium.launch({
      executablePath: found.path,
      ignoreDefaultArgs: without,
      args: [...CHROMIUM_ARGUMENTS, '--autoplay-policy=no-user-gesture-required', ...more].filter(
        (argument) => !without.includes(argument),
      ),
    });
    return new Stage(server, browser, profile, as);
  }

  /** A shopper with a browser profile of their own, on a page of the demo shop. */
  async shopper(path = '/demo/', options: BrowserContextOptions = {}): Promise<ShopVisit> {
    const page = await this.#page({ viewport: { width: 1366, height: 768 }, locale: 'en-GB', ...options });
    const visit = new ShopVisit(page, () => this.server);
    await visit.goto(path);
    return visit;
  }

  /** An agent who is signed in, in a browser profile of their own. */
  async agent(options: BrowserContextOptions = {}, who?: Credentials): Promise<AgentDesk> {
    const page = await this.#page({ viewport: { width: 1366, height: 768 }, locale: 'en-GB', ...options });
    const desk = new AgentDesk(page, () => this.server);
    await desk.signIn(who);
    return desk;
  }

  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext(options);
    this.#contexts.add(context);
    for (const script of this.scripts) await context.addInitScript(script);
    return context;
  }

  /** A shopper who has written, and an agent who has taken the conversation. */
  async conversation(
    options: { path?: string; shopper?: BrowserContextOptions; agent?: BrowserContextOptions } = {},
  ): Promise<{ shopper: ShopVisit; agent: AgentDesk }> {
    const agent = await this.agent(options.agent);
    const shopper = await this.shopper(options.path, options.shopper);
    await shopper.open();
    const greeting = `Hello, is anybody there? (${++this.#greetings})`;
    await shopper.say(greeting);
    await agent.accept(greeting);
    await shopper.sees('is with you now');
    return { shopper, agent };
  }

  /** Ends everybody's visit; the server goes on. */
  async leave(): Promise<void> {
    await Promise.all([...this.#contexts].map((context) => context.close()));
    this.#contexts.clear();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.remove();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  async #page(options: BrowserContextOptions): Promise<Page> {
    const context = await this.context(options);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return page;
  }
}
