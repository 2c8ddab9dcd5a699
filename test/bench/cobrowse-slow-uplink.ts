import { setTimeout } from 'node:timers/promises';
import { openTcpShaper, type TcpShaper } from '../support/network/tcp-shaper.ts';
import { openLabBrowser, type Ends, type LabBrowser } from './cobrowse/lab-browser.ts';
import { figure, quantile, type Benchmark } from './figure.ts';

/** 256 kbit/s, and 300 ms on the way up. */
const UPLINK = { bytesPerSecond: 32_000, delay: 300 };
const STORM_MS = 12_000;

type Measured = { ages: number[]; chat: number[]; said: number[] };

/** How old the picture is while 300 cards are written anew five times a second, and how long a chat message takes beside it. */
async function storm(rig: LabBrowser, shaper: TcpShaper, ends: Ends): Promise<Measured> {
  shaper.up = { bytesPerSecond: Infinity, delay: 0 };
  const way = await rig.open(ends, `127.0.0.1:${shaper.port}`);
  try {
    shaper.up = UPLINK;
    const chat: number[] = [];
    await way.shopper.evaluate(startStorm);
    await way.watched.evaluate(startSampling);
    for (const end = performance.now() + STORM_MS; performance.now() < end; await setTimeout(500)) {
      if (ends !== 'ours') continue;
      const word = `${performance.now()}`;
      const began = performance.now();
      await way.shopper.evaluate((text) => window.shopper.mark(text), word);
      await rig.lab.until(() => rig.lab.marks.includes(word));
      chat.push(performance.now() - began);
    }
    const ages = await way.watched.evaluate(() => window.ages);
    const said = ends === 'ours' ? await way.console.evaluate(() => window.agent.ages) : [];
    return { ages: ages.slice(Math.floor(ages.length / 6)), chat, said: said.slice(-15) };
  } finally {
    await way.close();
  }
}

/** In the browser: every page of one Chromium has the same clock. */
function startStorm(): void {
  const main = document.querySelector('main');
  const probe = document.querySelector('#probe');
  if (!main || !probe) return;
  const cards = main.cloneNode(true);
  let turn = 0;
  setInterval(() => {
    turn += 1;
    const fresh = cards.cloneNode(true) as Element;
    for (const price of fresh.querySelectorAll('p')) price.prepend(`(${turn}) `);
    main.replaceChildren(...fresh.children);
    probe.setAttribute('title', String(performance.timeOrigin + performance.now()));
  }, 200);
}

function startSampling(): void {
  window.ages = [];
  setInterval(() => {
    const at = Number(window.probe.querySelector('#probe')?.getAttribute('title'));
    if (at > 0) window.ages.push(performance.timeOrigin + performance.now() - at);
  }, 100);
}

declare global {
  interface Window {
    ages: number[];
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
      const p95 = (values: number[]) => (values.length > 0 ? quantile(values, 0.95) : STORM_MS);
      const last = ours.ages.length > 0 ? (ours.ages.at(-1) ?? 0) : 0;
      return [
        figure(
          'cobrowse_slow_uplink_age_ms_p95',
          'ms',
          { ours: [p95(ours.ages)], bare: [p95(rrweb.ages)] },
          `age of the picture at 256 kbit/s and 300 ms, 300 cards written anew five times a second; p50 ${quantile(ours.ages, 0.5).toFixed(0)}, at the end ${last.toFixed(0)}, ${ours.ages.length} looks, the console said ${quantile(ours.said, 0.5).toFixed(0)}; budget 2,500`,
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
