import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { replayHeaders, seenHeaders } from '../http/policies.ts';
import { folder } from '../http/static-files.ts';
import type { Visit } from './visit.ts';

/** Room for the window's own words and the edge around the page. */
const AROUND = { width: 120, height: 220 };
const DRAWN_MS = 30_000;
const LOADED_MS = 10_000;

/** What an agent would see, as a PNG: the frames that would leave in the window in which shoppers see the same. */
export async function picture(browser: Browser, visit: Visit, dist: string): Promise<Buffer> {
  const app = new Hono();
  const listener = getRequestListener(app.fetch);
  const server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origins = { service: `http://127.0.0.1:${port}`, replay: `http://localhost:${port}` };
  app.get('/', (c) => c.html('<!doctype html><title>…</title>'));
  app.get('/api/replay', (c) => c.json({ origin: origins.replay }));
  app.route('/seen', folder(join(dist, 'seen'), seenHeaders(origins)));
  app.route('/replay', folder(join(dist, 'replay'), replayHeaders(origins)));
  const { width, height } = visit.size;
  const viewport = { width: width + AROUND.width, height: height + AROUND.height };
  const context = await browser.newContext({ viewport });
  try {
    const opener = await context.newPage();
    await opener.goto(origins.service);
    const [window] = await Promise.all([context.waitForEvent('page'), opener.evaluate(handOver, visit.frames)]);
    await window.setViewportSize(viewport);
    await drawn(window);
    return await window.locator('iframe').screenshot();
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
}

/** Runs in the page that opens the window, as a shop's page would. */
function handOver(frames: string[]): void {
  let fed = '';
  addEventListener('message', ({ source, data }: MessageEvent<{ mostrador?: string; load: string }>) => {
    if (data.mostrador !== 'seen' || !source) return;
    const tell = (answer: object): void => source.postMessage(answer, { targetOrigin: location.origin });
    tell({ here: { name: '…', locale: 'en' } });
    if (fed === data.load) return;
    fed = data.load;
    for (const frame of frames) {
      const bytes = Uint8Array.from(atob(frame), (sign) => sign.charCodeAt(0));
      tell({ frame: bytes.buffer });
    }
  });
  open('/seen/', 'mostrador-seen');
}

async function drawn(window: Page): Promise<void> {
  const frame = await (await window.waitForSelector('iframe', { timeout: DRAWN_MS })).contentFrame();
  await frame?.waitForSelector('.page.shown', { state: 'attached', timeout: DRAWN_MS });
  await window.waitForLoadState('networkidle', { timeout: LOADED_MS }).catch(() => {});
}
