import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ShopVisit } from '../browser/shop-visit.ts';
import { Stage } from '../browser/stage.ts';
import { replayFrame } from '../cobrowse/support/picture.ts';
import { until } from './cobrowse/lab-browser.ts';
import { BIG_CSS, bigShopPage } from './cobrowse/shop-page.ts';

function note(): void {
  const now = () => performance.timeOrigin + performance.now();
  const w = window as any;
  w.marks = [];
  w.shownAt = [];
  let last: Element | null = null;
  new MutationObserver(() => {
    const shown = document.querySelector('.page.shown');
    if (!shown || shown === last) return;
    last = shown;
    w.shownAt.push(now());
    w.marks.push(['shown', now()]);
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (typeof data !== 'string') {
      const b = new Uint8Array(data as ArrayBuffer);
      if ((b[1] ?? 9) < 2) w.marks.push([`send ${['snapshot', 'events'][b[1] ?? 0]} ${b.byteLength} ${b[3]}`, now()]);
    } else if (data.includes('answer')) w.marks.push(['say yes', now()]);
    else if (data.includes('cobrowse.watch')) w.marks.push(['say watch', now()]);
    else if (data.includes('cobrowse.applied')) w.marks.push(['applied', now()]);
    else if (data.includes('"hello"')) w.marks.push(['hello', now()]);
    send.call(this, data);
  };
  const add = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (this: WebSocket, type: string, l: any, o: any) {
    if (type === 'message')
      add.call(
        this,
        type,
        (e: any) => {
          if (typeof e.data !== 'string') {
            const b = new Uint8Array(e.data);
            w.marks.push([
              `got ${['snapshot', 'events', 'cursor', 'beat', 'sheets'][b[1] ?? 0]} ${b.byteLength}`,
              now(),
            ]);
          } else if (e.data.includes('"cobrowse":{"status":"on"')) w.marks.push(['state on', now()]);
        },
        o,
      );
    add.call(this, type, l, o);
  } as any;
  addEventListener('message', (e) => {
    if (typeof e.data === 'string' && e.data.startsWith('mostrador.replay')) w.marks.push([e.data, now()]);
  });
  document.addEventListener('DOMContentLoaded', () => w.marks.push(['DCL', now()]));
}
let widget = '';
const shop = createServer((request, response) => {
  const css = request.url === '/shop/big.css';
  response.writeHead(200, { 'Content-Type': css ? 'text/css' : 'text/html' });
  response.end(css ? BIG_CSS : bigShopPage('').replace(/<script.*<\/script>/, widget));
}).listen(0, '127.0.0.1');
await once(shop, 'listening');
const origin = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
const stage = await Stage.open({ SHOP_ORIGINS: origin });
widget = `<script async src="${stage.server.origin}/widget.js" data-shop="demo"></script>`;
const agent = await stage.agent();
await agent.page.context().addInitScript(note);
await agent.page.reload();
const context = await stage.context({ viewport: { width: 1366, height: 768 }, locale: 'en-GB' });
await context.addInitScript(note);
const shopper = new ShopVisit(await context.newPage(), () => ({ ...stage.server, origin }));
await shopper.goto('/');
await shopper.open();
await shopper.say('A large page');
await agent.accept('A large page');
const lastShown = async (): Promise<number> =>
  await (await replayFrame(agent.page)).evaluate(() => window.shownAt.at(-1) ?? 0);
async function report(began: number, end: number, title: string) {
  const s = (await shopper.page.evaluate(() => (window as any).marks)) as [string, number][];
  const r = (await shopper.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((e: any) => [
        e.name.replace(/.*\//, ''),
        performance.timeOrigin + e.startTime,
        performance.timeOrigin + e.responseEnd,
      ]),
  )) as [string, number, number][];
  const a = (await agent.page.evaluate(() => (window as any).marks)) as [string, number][];
  const f = (await (await replayFrame(agent.page)).evaluate(() => (window as any).marks)) as [string, number][];
  const all = [
    ...s.map(([n, t]) => [`shopper ${n}`, t] as const),
    ...r.flatMap(
      ([n, t, e]) =>
        [
          [`shopper loads ${n}`, t],
          [`shopper loaded ${n}`, e],
        ] as const,
    ),
    ...a.map(([n, t]) => [`console ${n}`, t] as const),
    ...f.map(([n, t]) => [`replay ${n}`, t] as const),
  ]
    .filter(([, t]) => t >= began - 1 && t <= end + 30)
    .toSorted((x, y) => x[1] - y[1]);
  console.log(`--- ${title} ${(end - began).toFixed(0)}`);
  for (const [n, t] of all) console.log(`  ${(t - began).toFixed(0).padStart(5)} ${n}`);
}
const first: number[] = [];
for (let n = 0; n < Number(process.env['N'] ?? 3); n++) {
  await agent.button('Look together').click();
  const yes = shopper.button('Show my page');
  await yes.waitFor();
  await new Promise((r) => setTimeout(r, 600));
  const began = await yes.evaluate((button) => {
    const now = performance.timeOrigin + performance.now();
    (button as HTMLButtonElement).click();
    return now;
  });
  const end = await lastShown();
  first.push(end - began);
  if (n === 0 || process.env['ALL']) await report(began, end, `first ${n}`);
  if (n === Number(process.env['N'] ?? 3) - 1) break;
  await agent.button('Stop looking').click();
  await agent.page.locator('iframe').waitFor({ state: 'detached' });
}
const load: number[] = [];
for (let n = 0; n < Number(process.env['L'] ?? 4); n++) {
  const before = await lastShown();
  await shopper.page.reload();
  await until(async () => (await lastShown()) > before);
  const began = await shopper.page.evaluate(
    () =>
      performance.timeOrigin +
      (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).domContentLoadedEventStart,
  );
  const end = await lastShown();
  load.push(end - began);
  if (n === 1 || process.env['ALL']) await report(began, end, `load ${n}`);
}
console.log('first', first.map(Math.round), 'load', load.map(Math.round));
await stage.close();
shop.close();
process.exit(0);
