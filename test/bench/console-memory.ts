import { join } from 'node:path';
import { chromium, type CDPSession, type Frame, type Page } from 'playwright-core';
import { encodeCobrowseFrame } from '../../server/protocol/cobrowse-frame.ts';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../browser/chromium.ts';
import { bundleScript } from '../cobrowse/support/bundle.ts';
import { add, attributes, element, newId, page as wholePage, say, text } from '../cobrowse/support/hostile-pages.ts';
import { openLab } from '../cobrowse/support/lab.ts';
import { figure, type Benchmark } from './figure.ts';

/** Ten changes a second. */
const HOUR = 36_000;
const BATCH = 2_000;
const ALIVE = 6;

/** What a busy page sends in an hour: words that change, attributes, scrolling, a row that comes and goes. */
function* anHour(): Generator<object> {
  let row: number | null = null;
  for (let at = 0; at < HOUR; at += 1) {
    if (at % 10 === 9) {
      if (row === null) {
        row = newId();
        yield add({ ...element('p', { class: 'row' }, text(`Row ${at}`)), id: row });
      } else {
        const removes = [{ parentId: 5, id: row }];
        yield { type: 3, data: { source: 0, texts: [], attributes: [], adds: [], removes } };
        row = null;
      }
    } else if (at % 3 === 0) yield attributes(ALIVE, { class: `step-${at}`, title: `Change ${at}` });
    else if (at % 3 === 1) yield { type: 3, data: { source: 3, id: 1, x: 0, y: at % 900 } };
    else yield say(`Change ${at}`);
  }
}

/** Growth of the memory of the page that draws, in megabytes, after an hour's worth of changes. */
export async function measureConsoleMemory(): Promise<{ ours: number; rrweb: number }> {
  const found = ensureChromium(true);
  if (!found.ok) throw new Error(found.reason);
  const bare = await bundleScript(join(import.meta.dirname, 'cobrowse', 'bare-pages.ts'));
  const rrweb = `<!doctype html><html data-end="rrwebFed"><meta charset="utf-8"><link rel="icon" href="data:,"><body><script type="module" src="/bare.js"></script>`;
  const lab = await openLab(
    {},
    new Map([
      ['/bare.js', { body: bare, type: 'text/javascript' }],
      ['/rrweb/', { body: rrweb, type: 'text/html' }],
    ]),
  );
  const browser = await chromium.launch({ executablePath: found.path, args: CHROMIUM_ARGUMENTS });
  try {
    const context = await browser.newContext();
    const agent = await context.newPage();
    await agent.goto(lab.console);
    const replay = await (await agent.waitForSelector('iframe')).contentFrame();
    if (!replay) throw new Error('The console has no replay frame.');
    await replay.waitForSelector('.device', { state: 'attached' });
    let seq = 0;
    const feed = async (events: object[], kind: 'snapshot' | 'events') => {
      const frames = (kind === 'snapshot' ? [events] : events.map((event) => [event])).map((payload) => {
        const bytes = new TextEncoder().encode(JSON.stringify(payload));
        const header = { kind, encoding: 'json', channel: 7, epoch: 1, seq: (seq += 1) } as const;
        return Buffer.from(encodeCobrowseFrame(header, bytes)).toString('base64');
      });
      await agent.evaluate((all) => {
        for (const frame of all)
          window.agent.replay.feed(Uint8Array.from(atob(frame), (letter) => letter.charCodeAt(0)).buffer);
      }, frames);
      await agent.waitForFunction((last) => window.agent.applied.seq === last, seq);
    };
    const ours = await growth(replay, feed);
    await agent.close();

    const page = await context.newPage();
    await page.goto(`${new URL(lab.console).origin}/rrweb/`);
    await page.waitForFunction(() => 'feedReplayer' in window);
    const bareGrowth = await growth(page, async (events) => {
      await page.evaluate((all) => window.feedReplayer?.(all), events);
    });
    return { ours, rrweb: bareGrowth };
  } finally {
    await browser.close();
    await lab.close();
  }
}

async function growth(
  where: Page | Frame,
  feed: (events: object[], kind: 'snapshot' | 'events') => Promise<void>,
): Promise<number> {
  const context = 'context' in where ? where.context() : where.page().context();
  const protocol = await context.newCDPSession(where);
  await protocol.send('Performance.enable');
  await feed(wholePage(), 'snapshot');
  const before = await used(protocol);
  let batch: object[] = [];
  for (const event of anHour()) {
    batch.push(event);
    if (batch.length < BATCH) continue;
    await feed(batch, 'events');
    batch = [];
  }
  if (batch.length > 0) await feed(batch, 'events');
  return (await used(protocol)) - before;
}

async function used(protocol: CDPSession): Promise<number> {
  await protocol.send('HeapProfiler.collectGarbage');
  const { metrics } = await protocol.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1e6;
}

export const consoleMemoryBenchmark: Benchmark = {
  names: ['console_memory_mb'],
  run: async () => {
    const { ours, rrweb } = await measureConsoleMemory();
    const note = "growth of the picture's memory by 36,000 changes, an hour of ten a second, beside rrweb's live mode";
    return [figure('console_memory_mb', 'MB', { ours: [Math.max(0, ours)], bare: [rrweb] }, note)];
  },
};
