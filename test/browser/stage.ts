import type { BrowserContext, BrowserContextOptions, Cookie, Page } from 'playwright-core';
import { startServer, type TestServer } from '../support/server.ts';
import { AgentDesk } from './agent-desk.ts';
import { Chromium, type ChromiumOptions } from './chromium.ts';
import { startWithTeam, type Credentials, type Member } from '../support/team.ts';
import { ShopVisit } from './shop-visit.ts';

/** Everything a browser test needs: the real server, a real Chromium, people in it. */
export class Stage {
  server: TestServer;
  /** How to sign in as each of the team. */
  readonly as: Record<string, Credentials>;
  /** Run in every page that is opened from now on, before its own scripts. */
  scripts: (() => void)[] = [];
  #browser: Chromium;
  #greetings = 0;
  #signedIn = new Map<string, Cookie[]>();

  constructor(server: TestServer, browser: Chromium, as: Record<string, Credentials>) {
    this.server = server;
    this.as = as;
    this.#browser = browser;
  }

  /** `team`: colleagues of Ana, who is there always. */
  static async open(
    env: Record<string, string> = {},
    team: readonly Member[] = [],
    options: ChromiumOptions = {},
  ): Promise<Stage> {
    const { server, as } =
      team.length > 0 ? await startWithTeam(team, env) : { server: await startServer(env), as: {} };
    return new Stage(server, await Chromium.open(options), as);
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
    const { email } = who ?? this.server;
    // Signed in once by hand; whoever comes again in a new profile brings the cookie of it.
    await page.context().addCookies(this.#signedIn.get(email) ?? []);
    await desk.signIn(who);
    this.#signedIn.set(email, await page.context().cookies());
    return desk;
  }

  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#browser.newContext(options);
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
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.server.remove();
  }

  async #page(options: BrowserContextOptions): Promise<Page> {
    const context = await this.context(options);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return page;
  }
}
