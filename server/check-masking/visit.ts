import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import type { Recorded } from '../../widget/check-masking/record-page.ts';
import type { PageEvent } from '../protocol/cobrowse-event.ts';
import { COBROWSE_HEADER_BYTES, readCobrowseHeader } from '../protocol/cobrowse-frame.ts';
import { restore } from '../protocol/compact-nodes.ts';

const WIDTH = 1280;
const HEIGHT = 800;
/** As much of a long page as is looked at in one go. */
const HEIGHT_MAX = 6_000;
const LOAD_MS = 45_000;
/** A page that never stops loading is looked at as it is then. */
const SETTLE_MS = 8_000;

/** The page could not be looked at; the message is one sentence for the person who asked. */
export class NotChecked extends Error {}

export type Visit = Recorded & {
  events: PageEvent[];
  size: { width: number; height: number };
  /** Where the pages inside its frames of other origins are. */
  framed: string[];
};

/** `settings`: attributes of the script tag that are to hold besides those of the page. `script`: the recorder. */
export async function visit(
  browser: Browser,
  options: { url: string; settings: Record<string, string>; script: string; storageState: string | null },
): Promise<Visit> {
  const { url, settings, script, storageState } = options;
  const viewport = { width: WIDTH, height: HEIGHT };
  const context = await browser.newContext({ viewport, ...(storageState && { storageState }) });
  try {
    const page = await context.newPage();
    await open(page, url);
    // What only comes when it is scrolled to is to be there.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const size = { width: WIDTH, height: Math.min(Math.max(height, HEIGHT), HEIGHT_MAX) };
    await page.setViewportSize(size);
    await settle(page);
    await page.evaluate(await readFile(script, 'utf8'));
    const recorded = await page.evaluate((wanted) => window.mostradorCheck(wanted), settings);
    return { ...recorded, events: recorded.frames.flatMap(eventsOf), size, framed: framedPages(page) };
  } finally {
    await context.close();
  }
}

async function open(page: Page, url: string): Promise<void> {
  const response = await page.goto(url, { waitUntil: 'load', timeout: LOAD_MS }).catch((cause: unknown) => {
    const [reason = ''] = String(cause)
      .replace(/^.*?(?:net::)/s, '')
      .split(/\s/);
    throw new NotChecked(`${url} could not be opened (${reason}).`, { cause });
  });
  if (response && response.status() >= 400) throw new NotChecked(`${url} answered ${response.status()}.`);
  const type = response?.headers()['content-type'] ?? 'text/html';
  if (!/html/.test(type)) throw new NotChecked(`${url} is no page but ${type}.`);
  await settle(page);
}

async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: SETTLE_MS }).catch(() => {});
}

/** Without what stands in their queries: it may be somebody's own. */
function framedPages(page: Page): string[] {
  const { origin: own } = new URL(page.url());
  const addresses = page.frames().flatMap((frame) => {
    const { protocol, origin, pathname } = new URL(frame.url() || 'about:blank');
    return /^https?:$/.test(protocol) && origin !== own ? [origin + pathname] : [];
  });
  return [...new Set(addresses)];
}

/** All that is in a frame, also what an agent's browser would leave out. */
function eventsOf(frame: string): PageEvent[] {
  const bytes = Buffer.from(frame, 'base64');
  const header = readCobrowseHeader(bytes);
  if (!header) return [];
  const body = bytes.subarray(COBROWSE_HEADER_BYTES);
  const text = (header.encoding === 'json' ? body : inflateRawSync(body)).toString();
  return restore(JSON.parse(text)) as PageEvent[];
}
