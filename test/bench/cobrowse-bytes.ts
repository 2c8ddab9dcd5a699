import type { Page } from 'playwright-core';
import { readCobrowseHeader } from '../../server/protocol/cobrowse-frame.ts';
import { openLabBrowser, until, type Ends, type LabBrowser } from './cobrowse/lab-browser.ts';
import { figure, type Benchmark } from './figure.ts';

/** Five minutes of a person in a shop, each second of it in this many milliseconds. What happens is the same. */
const MINUTES = 5;
const SECOND = 60;
/** After the minutes in which the shopper goes to another page. */
const LOADS_AFTER = [2, 4];
/** Sent by the clock: reckoned for five minutes, not for how long the run takes. */
const BEATS = MINUTES * 60 * 2;

type Counted = { bytes: number; beats: number[] };

/** What leaves the shopper's browser, in bytes. */
async function measureBytes(rig: LabBrowser, ends: Ends): Promise<number> {
  const counted: Counted = { bytes: 0, beats: [] };
  const way = await rig.open(ends, undefined, undefined, (page) => count(page, counted));
  try {
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      await way.shopper.evaluate(liveAMinute, { minute, second: SECOND });
      if (LOADS_AFTER.includes(minute)) await nextPage(way.shopper, ends, counted);
    }
    // What was gathered last has left.
    await way.shopper.waitForTimeout(1_000);
    const beat = counted.beats.length > 0 ? Math.max(...counted.beats) : 0;
    return counted.bytes + beat * BEATS;
  } finally {
    await way.close();
  }
}

async function nextPage(shopper: Page, ends: Ends, counted: Counted): Promise<void> {
  const before = counted.bytes;
  await shopper.reload();
  // Its first picture.
  await until(async () => counted.bytes > before + (ends === 'ours' ? 1_000 : 10_000));
}

function count(page: Page, counted: Counted): void {
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const size = Buffer.byteLength(payload);
      const header = typeof payload === 'string' ? null : readCobrowseHeader(payload);
      if (header?.kind === 'beat') counted.beats.push(size);
      else counted.bytes += size;
    }),
  );
}

/**
 * In the browser. A minute: reading and scrolling, the mouse on its way, a carousel each three seconds, a price each two, a
 * drawer that opens and closes, something typed, and once all cards are written anew by a filter.
 */
async function liveAMinute({ minute, second }: { minute: number; second: number }): Promise<void> {
  const main = document.querySelector('main');
  const probe = document.querySelector('#probe');
  const cards = [...(main?.children ?? [])];
  const move = (x: number, y: number) =>
    document
      .elementFromPoint(x, y)
      ?.dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true, composed: true }));
  const point = (x: number, y: number) =>
    document
      .elementFromPoint(x, y)
      ?.dispatchEvent(new PointerEvent('pointermove', { clientX: x, clientY: y, bubbles: true, composed: true }));
  let drawer: HTMLElement | null = null;
  let field: HTMLInputElement | null = null;
  for (let tick = 0; tick < 60; tick += 1) {
    for (let part = 0; part < 4; part += 1) {
      await new Promise((resolve) => setTimeout(resolve, second / 4));
      if (tick % 3 !== 2) {
        const [x, y] = [100 + ((tick * 4 + part) % 60) * 12, 100 + ((tick * 7 + part * 5) % 40) * 10];
        move(x, y);
        point(x, y);
      } else window.scrollBy({ top: tick < 40 ? 90 : -150, behavior: 'instant' });
    }
    if (tick % 3 === 0) probe?.setAttribute('class', `slide-${(tick / 3) % 4}`);
    if (tick % 2 === 0) {
      const price = cards[(tick * 5) % cards.length]?.querySelector('b');
      if (price) price.textContent = `€ ${minute * 100 + tick}`;
    }
    if (tick === 20) {
      drawer = document.createElement('aside');
      for (let row = 0; row < 12; row += 1) {
        const line = document.createElement('p');
        line.append(`In the basket: thing ${row}`);
        drawer.append(line);
      }
      field = document.createElement('input');
      drawer.append(field);
      document.body.append(drawer);
    }
    if (field && tick > 20 && tick < 35) {
      field.value += 'x';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    if (tick === 40) drawer?.remove();
    if (tick === 50) main?.replaceChildren(...cards.toReversed().map((card) => card.cloneNode(true)));
  }
}

export const bytesBenchmark: Benchmark = {
  names: ['cobrowse_bytes'],
  run: async () => {
    const rig = await openLabBrowser();
    try {
      const [ours, limit, rrweb] = [
        await measureBytes(rig, 'ours'),
        await measureBytes(rig, 'limit'),
        await measureBytes(rig, 'rrweb'),
      ];
      const kilobytes = (limit / 1_000).toFixed(0);
      const note = `what leaves the shopper's browser in five minutes (scripted, a second in ${SECOND} ms, the twice-a-second beats reckoned for five minutes): mouse, scrolling, carousel, prices, a drawer, typing, five re-renders of 300 cards, two page loads; beside rrweb out of the box, whose mouse is sampled by the clock and so is sent less of here than in five real minutes; the limit, which knows one attribute, ${kilobytes} kB`;
      return [figure('cobrowse_bytes', 'bytes', { ours: [ours], bare: [rrweb] }, note)];
    } finally {
      await rig.close();
    }
  },
};
