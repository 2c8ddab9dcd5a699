import { setTimeout } from 'node:timers/promises';
import { openTcpShaper, type TcpShaper } from '../support/network/tcp-shaper.ts';
import { openLabBrowser, type Ends, type LabBrowser } from './cobrowse/lab-browser.ts';
import { figure, quantile, type Benchmark } from './figure.ts';

/** 256 kbit/s, and 300 ms on the way up. */
const UPLINK = { bytesPerSecond: 32_000, delay: 300 };
const STORM_MS = 15_000;
/** Of a connection that has become slow in this moment. */
const SETTLE_MS = 3_000;
const CARDS = 300;

/** In milliseconds. `said`: what the console's own sign was told meanwhile · `torn`: looks at a page that was not whole. */
type Measured = { ages: number[]; torn: number; chat: number[]; said: number[] };

/** How old the picture is while 300 cards are written anew five times a second, and how long a chat message takes beside it. */
async function storm(rig: LabBrowser, shaper: TcpShaper, ends: Ends): Promise<Measured> {
  shaper.up = { bytesPerSecond: Infinity, delay: 0 };
  const way = await rig.open(ends, `127.0.0.1:${shaper.port}`);
  try {
    shaper.up = UPLINK;
    const chat: number[] = [];
    await way.shopper.evaluate(startStorm);
    await way.watched.evaluate(startLooking);
    for (const end = performance.now() + STORM_MS; performance.now() < end; await setTimeout(250)) {
      if (ends !== 'ours') continue;
      const word = `${performance.now()}`;
      const began = performance.now();
      await way.shopper.evaluate((text) => window.shopper.mark(text), word);
      await rig.lab.until(() => rig.lab.marks.includes(word));
      chat.push(performance.now() - began);
    }
    const looks = await way.watched.evaluate(() => window.looks);
    const writtenAt = await way.shopper.evaluate(() => window.writtenAt);
    const said = ends === 'ours' ? await way.console.evaluate(() => window.agent.ages) : [];
    const settled = looks.filter(({ at }) => at - (writtenAt[0] ?? 0) > SETTLE_MS);
    return {
      ages: settled.map(({ at, oldest }) => at - (writtenAt[oldest] ?? Number.NaN)),
      torn: settled.filter(({ cards }) => cards < CARDS).length,
      chat,
      said: said.slice(-2 * (STORM_MS / 1_000)),
    };
  } finally {
    await way.close();
  }
}

/** In the browser. Every card says which time it was written; `writtenAt` says when that was. */
function startStorm(): void {
  const main = document.querySelector('main');
  if (!main) return;
  const cards = main.cloneNode(true);
  const now = () => performance.timeOrigin + performance.now();
  window.writtenAt = [now()];
  setInterval(() => {
    const fresh = cards.cloneNode(true) as Element;
    for (const price of fresh.querySelectorAll('p')) price.prepend(`(${window.writtenAt.length}) `);
    window.writtenAt.push(now());
    main.replaceChildren(...fresh.children);
  }, 200);
}

/** What a person who looks at the console sees: the oldest card on the page that is shown. Pages of one Chromium have one clock. */
function startLooking(): void {
  window.looks = [];
  setInterval(() => {
    const shown = document.querySelector<HTMLIFrameElement>('.page.shown iframe')?.contentDocument ?? window.probe;
    const prices = [...shown.querySelectorAll('main article p')];
    const oldest = Math.min(...prices.map(({ textContent }) => Number(/^\((\d+)\)/.exec(textContent)?.[1] ?? 0)));
    // A page without cards is as old as the last one that had some.
    const before = window.looks.at(-1)?.oldest ?? 0;
    window.looks.push({
      at: performance.timeOrigin + performance.now(),
      oldest: prices.length > 0 ? oldest : before,
      cards: prices.length,
    });
  }, 50);
}

declare global {
  interface Window {
    writtenAt: number[];
    looks: { at: number; oldest: number; cards: number }[];
  }
}

export const slowUplinkBenchmark: Benchmark = {
  names: ['cobrowse_slow_uplink_age_ms_p95', 'cobrowse_slow_uplink_chat_ms_p95'],
  run: async () => {
    const rig = await openLabBrowser();
    const shaper = await openTcpShaper();
    try {
      shaper.target = { host: '127.0.0.1', port: Number(new URL(rig.lab.shop).port) };
      const ours = await storm(rig, shaper, 'ours');
      const rrweb = await storm(rig, shaper, 'rrweb');
      const p95 = (values: number[]) => quantile(values, 0.95);
      return [
        figure(
          'cobrowse_slow_uplink_age_ms_p95',
          'ms',
          { ours: [p95(ours.ages)], bare: [p95(rrweb.ages)] },
          `age of what the console shows at 256 kbit/s and 300 ms, ${CARDS} cards written anew five times a second; p50 ${quantile(ours.ages, 0.5).toFixed(0)}, oldest ${Math.max(...ours.ages).toFixed(0)}, ${ours.ages.length} looks (${ours.torn} at a half-written page), the sign said ${quantile(ours.said, 0.5).toFixed(0)}; rrweb after ${STORM_MS / 1_000} s, and growing; budget 2,500`,
        ),
        figure(
          'cobrowse_slow_uplink_chat_ms_p95',
          'ms',
          { ours: [p95(ours.chat)], bare: null },
          'a chat frame on the same socket meanwhile',
        ),
      ];
    } finally {
      await shaper.close();
      await rig.close();
    }
  },
};
