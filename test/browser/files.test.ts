import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { PDF, png } from '../files/samples.ts';
import { violations } from './axe.ts';
import { ShopVisit } from './shop-visit.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let shop: Server;
let shopOrigin: string;

beforeAll(async () => {
  // A shop of somebody else's, under the policy that the README tells shops of and nothing more.
  shop = createServer((_, response) => {
    const { origin } = stage.server;
    const socket = origin.replace('http', 'ws');
    const policy = `default-src 'none'; script-src ${origin}; connect-src ${origin} ${socket}; media-src blob: mediastream:`;
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy });
    const script = `<script async src="${origin}/widget.js" data-shop="demo"></script>`;
    response.end(
      `<!doctype html><html lang="en"><head><title>Shop</title>${script}</head><body><h1>A shop</h1></body></html>`,
    );
  }).listen(0, '127.0.0.1');
  await once(shop, 'listening');
  const address = shop.address();
  shopOrigin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  stage = await Stage.open({ SHOP_ORIGINS: shopOrigin });
});
afterAll(async () => {
  await stage.close();
  shop.close();
});

async function shopper(): Promise<ShopVisit> {
  const context = await stage.context({ viewport: { width: 1200, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const visit = new ShopVisit(page, () => stage.server);
  await page.goto(shopOrigin);
  await visit.open();
  return visit;
}

type Given = { name: string; type: string; content: Buffer };

/** Files as the clipboard or a hand brings them, by the event that a browser makes of it. */
async function bring(place: Locator, event: 'paste' | 'drop', files: Given[]): Promise<void> {
  const given = files.map(({ content, ...file }) => ({ ...file, base64: content.toString('base64') }));
  await place.evaluate(
    (element, { kind, given }) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of given) {
        data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, { type }));
      }
      const options = { bubbles: true, composed: true, cancelable: true };
      if (kind === 'paste') element.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
      else {
        for (const name of ['dragover', 'drop'])
          element.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: data }));
      }
    },
    { kind: event, given },
  );
}

/** The colour in the middle of a canvas that has been drawn. */
async function middleOf(canvas: Locator): Promise<number[]> {
  await expect.poll(() => canvas.getAttribute('data-drawn')).toBe('');
  return await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const pixel = (element as HTMLCanvasElement).getContext('2d')?.getImageData(width / 2, height / 2, 1, 1).data;
    return [...(pixel ?? [])];
  });
}

/** How much of a thread is out of sight below. */
async function belowEnd(log: Locator): Promise<number> {
  return await log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
}

async function choose(visit: ShopVisit, ...files: Given[]): Promise<void> {
  const chooser = visit.page.waitForEvent('filechooser');
  await visit.button('Files, calls and more').click();
  await visit.widget.getByRole('menuitem', { name: 'Send a file' }).click();
  await (await chooser).setFiles(files.map(({ name, type, content }) => ({ name, mimeType: type, buffer: content })));
}

async function downloaded(page: Page, act: () => Promise<void>): Promise<{ name: string; content: Buffer }> {
  const waiting = page.waitForEvent('download');
  await act();
  const download = await waiting;
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

describe('promise 23: files', () => {
  it('go both ways: chosen, pasted, dropped, with progress, as pictures and downloads; deleted, and sent after being offline', async () => {
    const agent = await stage.agent();
    const visit = await shopper();
    await visit.say('My vase came broken');
    await agent.accept('My vase came broken');
    await visit.sees('is with you now');

    // Chosen in the widget, on a slow line: its progress is seen, and it can be taken back.
    const line = await visit.page.context().newCDPSession(visit.page);
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 60_000 };
    await line.send('Network.emulateNetworkConditions', slow);
    const invoice = {
      name: 'Rechnung “März”.pdf',
      type: 'application/pdf',
      content: Buffer.concat([PDF, Buffer.alloc(400_000, 32)]),
    };
    await choose(visit, invoice);
    await visit.log.getByText(/[1-9]\d? % sent/).waitFor();
    await visit.button(`Do not send ${invoice.name}`).click();
    await visit.log.getByText('% sent').waitFor({ state: 'detached' });
    await line.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
    await choose(visit, invoice, { name: 'setup.exe', type: 'application/x-msdownload', content: Buffer.from('MZ') });
    const saved = await downloaded(
      agent.page,
      async () => await agent.page.getByRole('link', { name: /Download Rechnung/ }).click(),
    );
    expect(saved).toEqual({ name: invoice.name, content: invoice.content });
    await visit.log.getByText('Files of this kind cannot be sent here.').waitFor();
    expect(await violations(visit.page, 'mostrador-widget')).toEqual([]);
    await visit.button('Remove').click();

    // Pasted in the widget: a thumbnail on both sides, large in the console.
    await bring(visit.field, 'paste', [
      { name: 'image.png', type: 'image/png', content: png(1_200, 900, [20, 120, 220]) },
    ]);
    const own = visit.button('Show image.png large');
    expect(await middleOf(own.locator('canvas'))).toEqual([20, 120, 220, 255]);
    expect(await violations(visit.page, 'mostrador-widget')).toEqual([]);
    await agent.button('Show image.png large').waitFor();
    expect(await violations(agent.page, 'body')).toEqual([]);
    await agent.button('Show image.png large').click();
    const large = agent.page.getByRole('dialog', { name: 'image.png' });
    await expect
      .poll(async () => await large.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBe(1_200);
    expect(await violations(agent.page, 'body')).toEqual([]);
    await large.getByRole('button', { name: 'Close the picture' }).click();

    // Dropped in the console, two at once.
    await bring(agent.log, 'drop', [
      { name: 'label.png', type: 'image/png', content: png(300, 200, [200, 30, 30]) },
      { name: 'precios ñ.csv', type: 'text/csv', content: Buffer.from('vase;39 €\r\n') },
    ]);
    const thumbnail = visit.button('Show label.png large');
    expect(await middleOf(thumbnail.locator('canvas'))).toEqual([200, 30, 30, 255]);
    await thumbnail.click();
    await visit.widget.getByRole('dialog', { name: 'label.png' }).waitFor();
    expect(await violations(visit.page, 'mostrador-widget')).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await visit.widget.getByRole('dialog', { name: 'label.png' }).waitFor({ state: 'hidden' });
    const table = await downloaded(visit.page, async () => await visit.button(/^Download precios/).click());
    expect(table).toEqual({ name: 'precios ñ.csv', content: Buffer.from('vase;39 €\r\n') });
    expect(visit.errors.filter((error) => !error.includes('415'))).toEqual([]);
    // Asking who is signed in before anybody is answers 401.
    expect(agent.errors.filter((error) => !error.includes('401'))).toEqual([]);

    // Deleted by the agent.
    await agent.button('Show image.png large').click();
    await large.getByRole('button', { name: 'Delete image.png' }).click();
    await large.getByRole('button', { name: 'Really delete?' }).click();
    await visit.sees('This file has been deleted.');
    await agent.sees('You deleted a file');

    // Chosen while the service is away, and sent when it is back, even from the shop's next page.
    await stage.server.stop();
    await visit.widget.getByText('The connection is lost').waitFor();
    await bring(visit.widget.getByRole('dialog'), 'drop', [
      { name: 'late.png', type: 'image/png', content: png(80, 60, [10, 200, 90]) },
    ]);
    await visit.sees('Will be sent when you are back online');
    stage.server = await stage.server.restart();
    await visit.page.goto(`${shopOrigin}/next`);
    await agent.button('Show late.png large').waitFor();
    expect(await middleOf(visit.button('Show late.png large').locator('canvas'))).toEqual([10, 200, 90, 255]);
  });

  it('whoever is at the end of the thread stays there: for the first picture, for the reason why a file cannot be sent', async () => {
    const { shopper, agent } = await stage.conversation();
    await agent.say('A long answer. '.repeat(40));
    await shopper.sees('A long answer.');
    await bring(agent.log, 'drop', [{ name: 'tall.png', type: 'image/png', content: png(300, 400, [90, 30, 90]) }]);
    await middleOf(shopper.button('Show tall.png large').locator('canvas'));
    await expect.poll(() => belowEnd(shopper.log)).toBeLessThan(1);
    await bring(shopper.field, 'paste', [{ name: 'setup.exe', type: 'application/x-msdownload', content: PDF }]);
    await shopper.log.getByText('Files of this kind cannot be sent here.').waitFor();
    await expect.poll(() => belowEnd(shopper.log)).toBeLessThan(1);

    // Who reads further up is left there.
    await shopper.log.evaluate((log) => log.scrollTo({ top: 0 }));
    await shopper.log.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await agent.say('One more thing');
    await shopper.button('New messages').waitFor();
    expect(await shopper.log.evaluate((log) => log.scrollTop)).toBe(0);
  });
});
