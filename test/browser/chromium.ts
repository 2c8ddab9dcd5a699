import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const WHOLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** The same engine without a window around its pages: a page costs a quarter of the time. */
const SHELL = '/usr/bin/chromium-headless-shell';
const INSTALL = 'apt-get install -y --no-install-recommends chromium chromium-headless-shell';

/** For tests: no sandbox (CI is root), fake devices that need no click, and nothing that talks to the outside. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  // Encoders take most of a call's time: ten pictures a second are a picture that moves.
  '--use-fake-device-for-media-stream=fps=10',
  '--use-fake-ui-for-media-stream',
];

/** Windows of the whole Chromium begin a page of their own each for these, which costs as much as one of ours. The last list counts: playwright's comes first. */
const WITHOUT_FEATURES = `--disable-features=${[
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'PaintHolding',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'ThirdPartyStoragePartitioning',
].join(',')}`;

/** A Chromium of this machine; `CHROMIUM` names another one. `whole`: with everything that is around a page. */
export function findChromium(whole = false): string | null {
  const candidates = whole ? WHOLE : [process.env['CHROMIUM'], SHELL, ...WHOLE];
  return candidates.find((path) => path && existsSync(path)) ?? null;
}

/** As root on Debian it is installed; otherwise one sentence says what to do. */
export function ensureChromium(whole = false): { ok: true; path: string } | { ok: false; reason: string } {
  const found = findChromium(whole);
  if (found) return { ok: true, path: found };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium for the browser tests …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('sh', ['-c', `apt-get update -qq; ${INSTALL}`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const installed = findChromium(whole);
  if (installed) return { ok: true, path: installed };
  return { ok: false, reason: `The browser tests need Chromium: sudo ${INSTALL} (or CHROMIUM=/path/to/it).` };
}

export type ChromiumOptions = {
  /** Added to the usual ones, which then are `usual`. */
  flags?: string[];
  usual?: string[];
  /** Arguments of ours and of playwright's that it is not given. */
  without?: string[];
  /** The shell keeps no page for going back to, asks nobody for permission, and gives devices new names on each page. */
  whole?: boolean;
};

type Running = { browser: Browser; users: number };

/** For all test files that run one after the other in this process: one of each kind that was asked for. They end with it. */
const running = new Map<string, Promise<Running>>();
/** More than these are kept only while they are used. */
const KEPT = 3;

/** What a test file has of a Chromium: profiles of its own, which end with `close`. */
export class Chromium {
  readonly #of: Running;
  readonly #contexts = new Set<BrowserContext>();

  private constructor(of: Running) {
    this.#of = of;
    of.users++;
  }

  static async open(options: ChromiumOptions = {}): Promise<Chromium> {
    const kind = JSON.stringify(options);
    const known = await running.get(kind);
    if (known?.browser.isConnected()) return new Chromium(known);
    const launched = launch(options).then((browser) => ({ browser, users: 0 }));
    running.set(kind, launched);
    launched.catch(() => running.delete(kind));
    for (const [other, one] of [...running].slice(0, -KEPT)) {
      const { browser, users } = await one;
      if (users > 0) continue;
      running.delete(other);
      await browser.close();
    }
    return new Chromium(await launched);
  }

  async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.#of.browser.newContext(options);
    this.#contexts.add(context);
    context.once('close', () => this.#contexts.delete(context));
    return context;
  }

  /** A page in a profile of its own. */
  async newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.newContext(options);
    const page = await context.newPage();
    // Where the profile is closing already, there is nothing left to do.
    page.once('close', () => void context.close().catch(() => {}));
    return page;
  }

  contexts(): BrowserContext[] {
    return [...this.#contexts];
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts().map((context) => context.close()));
    this.#of.users--;
    // Vitest ends its processes; a bench ends by itself when nothing runs any more.
    if (!process.env['VITEST'] && this.#of.users === 0) await this.#of.browser.close();
  }
}

async function launch({ flags = [], usual = CHROMIUM_ARGUMENTS, without = [], whole = false }: ChromiumOptions) {
  const found = ensureChromium(whole);
  if (!found.ok) throw new Error(found.reason);
  return await chromium.launch({
    executablePath: found.path,
    args: [...usual, ...(whole ? [WITHOUT_FEATURES] : []), ...flags].filter((argument) => !without.includes(argument)),
    ...(without.length > 0 && { ignoreDefaultArgs: without }),
  });
}
