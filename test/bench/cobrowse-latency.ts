import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openLabBrowser, until, type Ends, type LabBrowser, type Way } from './cobrowse/lab-browser.ts';
import { quantile } from './figure.ts';

export type Measure = 'dom' | 'scroll' | 'pointer' | 'back';
/** One value for each round, in milliseconds. */
export type Rounds = { p50: number[]; p95: number[] };
/**
 * From what happens on one side to its being shown on the other, the recorder of today through the real relay and the check
 * of its frames, into the real replay. `limit`: MutationObserver or event → plain socket relay → one assignment · `rrweb`: its
 * live mode out of the box over the plain relay, which has no way back.
 */
export type CobrowseLatency = Record<Ends, Record<Measure, Rounds>>;

/** Ever larger values and when they were: a change's number, a scroll position, where a pointer is. */
type Moments = [value: number, at: number][];

const WAYS: readonly Ends[] = ['ours', 'limit', 'rrweb'];
/** The first few warm up what runs for the first time. */
const WARM_UP = 10;
const STEPS: Record<Measure, number> = { dom: 100, scroll: 60, pointer: 80, back: 60 };

/** All in one browser, round by round in turn, on the same page. */
export async function measureCobrowseLatency(rounds = 4): Promise<CobrowseLatency> {
  const rig = await openLabBrowser();
  const none = (): Record<Measure, Rounds> => ({ dom: empty(), scroll: empty(), pointer: empty(), back: empty() });
  const result: CobrowseLatency = { ours: none(), limit: none(), rrweb: none() };
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const ends of WAYS) await measureWay(rig, ends, result[ends]);
    }
    return result;
  } finally {
    await rig.close();
  }
}

async function measureWay(rig: LabBrowser, ends: Ends, into: Record<Measure, Rounds>): Promise<void> {
  const way = await rig.open(ends, undefined, keepOwnRoots);
  try {
    note(into.dom, await measureChanges(way));
    note(into.scroll, await measureScroll(way));
    note(into.pointer, await measurePointer(way, ends));
    if (ends !== 'rrweb') note(into.back, await measureWayBack(way, ends));
  } finally {
    await way.close();
  }
}

async function measureChanges({ shopper, watched }: Way): Promise<number[]> {
  await watched.evaluate(watchProbe);
  const made = await shopper.evaluate(changeProbe, STEPS.dom);
  return await delays(made, () => watched.evaluate(() => window.seen));
}

async function measureScroll({ shopper, watched }: Way): Promise<number[]> {
  await watched.evaluate(() => {
    window.seen = [];
    const page = window.probe;
    const look = () =>
      window.seen.push([page.scrollingElement?.scrollTop ?? 0, performance.timeOrigin + performance.now()]);
    page.addEventListener('scroll', look, { capture: true });
  });
  const made = await shopper.evaluate(async (steps) => {
    const moments: [number, number][] = [];
    for (let step = 1; step <= steps; step += 1) {
      await new Promise((resolve) => window.setTimeout(resolve, 30 + Math.random() * 20));
      moments.push([step * 10, performance.timeOrigin + performance.now()]);
      window.scrollTo({ top: step * 10, behavior: 'instant' });
    }
    return moments;
  }, STEPS.scroll);
  const found = await delays(made, () => watched.evaluate(() => window.seen));
  await shopper.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
  return found;
}

/** The shopper's mouse, seen by the agent. */
async function measurePointer({ shopper, watched }: Way, ends: Ends): Promise<number[]> {
  await watched.evaluate(watchCursor, '.cursor,.replayer-mouse');
  await shopper.evaluate(() => {
    window.made = [];
    addEventListener(
      'pointermove',
      ({ clientX }) => window.made.push([clientX, performance.timeOrigin + performance.now()]),
      { capture: true },
    );
  });
  await glide(shopper, { x: 100, y: 60 }, STEPS.pointer);
  const made = await shopper.evaluate(() => window.made);
  // rrweb leaves out most places, also the last one.
  if (ends === 'rrweb') await setTimeout(1_500);
  const shown = ends === 'rrweb' ? await watched.evaluate(() => window.seen.at(-1)?.[0] ?? 0) : Infinity;
  return await delays(
    made.filter(([x]) => x <= shown),
    () => watched.evaluate(() => window.seen),
  );
}

/** The agent's mouse over the picture, seen by the shopper. */
async function measureWayBack({ shopper, console, watched }: Way, ends: Ends): Promise<number[]> {
  await watched.evaluate(() => {
    window.made = [];
    const glass = document.querySelector('.glass');
    const view = document.querySelector<HTMLElement>('.viewport');
    (glass ?? window).addEventListener(
      'pointermove',
      (event) => {
        const { clientX } = event as PointerEvent;
        const box = view?.getBoundingClientRect();
        const x = view && box ? ((clientX - box.left) * view.offsetWidth) / box.width : clientX;
        window.made.push([x, performance.timeOrigin + performance.now()]);
      },
      { capture: true },
    );
  });
  await shopper.evaluate(watchCursor, ends === 'ours' ? '.pointer' : '.cursor');
  await glide(console, { x: 200, y: 100 }, STEPS.back);
  const made = await watched.evaluate(() => window.made);
  return await delays(made, () => shopper.evaluate(() => window.seen));
}

async function glide(page: Page, from: { x: number; y: number }, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await page.mouse.move(from.x + step * 6, from.y);
    await setTimeout(15 + Math.random() * 15);
  }
}

/** What was overtaken is seen with what overtook it. A place may be off by the rounding of a scaled picture. */
async function delays(made: Moments, look: () => Promise<Moments>): Promise<number[]> {
  const last = made.at(-1)?.[0] ?? 0;
  let seen: Moments = [];
  await until(async () => {
    seen = await look();
    return seen.some(([value]) => value >= last - 1);
  });
  return made
    .slice(WARM_UP)
    .map(([value, at]) => (seen.find(([shown, when]) => shown >= value - 1 && when >= at - 1)?.[1] ?? Number.NaN) - at);
}

function note(into: Rounds, values: number[]): void {
  into.p50.push(quantile(values, 0.5));
  into.p95.push(quantile(values, 0.95));
}

function empty(): Rounds {
  return { p50: [], p95: [] };
}

/** In the shopper's browser, before anything else: what is drawn over the page stands in a closed shadow root. */
function keepOwnRoots(): void {
  window.ownRoots = [];
  const attach = Reflect.get(Element.prototype, 'attachShadow');
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    window.ownRoots.push(root);
    return root;
  };
}

/** In the browser. The clocks of all pages of one Chromium tell the same time. */
function watchProbe(): void {
  const probe = window.probe.querySelector('#probe');
  if (!probe) throw new Error('There is no probe to watch.');
  window.seen = [];
  new MutationObserver(() => {
    window.seen.push([Number(probe.getAttribute('title')), performance.timeOrigin + performance.now()]);
  }).observe(probe, { attributes: true });
}

async function changeProbe(changes: number): Promise<[number, number][]> {
  const probe = document.querySelector('#probe');
  const made: [number, number][] = [];
  for (let change = 1; change <= changes; change += 1) {
    await new Promise((resolve) => window.setTimeout(resolve, 15 + Math.random() * 20));
    made.push([change * 10, performance.timeOrigin + performance.now()]);
    probe?.setAttribute('title', String(change * 10));
  }
  return made;
}

/** A drawn pointer: where it is, whenever its style is set. It may be drawn only when the mouse first moves. */
function watchCursor(selector: string): void {
  window.seen = [];
  const roots: ParentNode[] = [document, ...(window.ownRoots ?? [])];
  const look = () => {
    const cursor = roots.flatMap((root) => [...root.querySelectorAll<HTMLElement>(selector)]).at(-1);
    if (!cursor) return;
    const { transform, left } = cursor.style;
    const x = Number.parseFloat(/translate\(([-\d.]+)px/.exec(transform)?.[1] ?? left);
    if (Number.isFinite(x) && x !== window.seen.at(-1)?.[0])
      window.seen.push([x, performance.timeOrigin + performance.now()]);
  };
  for (const root of roots) {
    const options = { subtree: true, childList: true, attributes: true, attributeFilter: ['style'] };
    new MutationObserver(look).observe(root, options);
  }
}

declare global {
  interface Window {
    seen: [value: number, at: number][];
    made: [value: number, at: number][];
    ownRoots: ShadowRoot[];
  }
}
