import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownBox, replayFrame } from '../cobrowse/support/picture.ts';
import { violations } from './axe.ts';
import { framesOf } from './media-probe.ts';
import { Stage } from './stage.ts';

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

/** `SCREENSHOTS=1 npm test -- looks` makes the pictures of the README anew. */
const pictures = join(import.meta.dirname, '..', process.env['SCREENSHOTS'] ? 'screenshots' : 'output');

let stage: Stage;
beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  stage = await Stage.open();
});
afterEach(async () => await stage.leave());
afterAll(async () => await stage.close());

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

describe('promise 8: your language', () => {
  it.each([
    ['the page is Spanish', '/demo/es/', 'en-GB', /Casa Lumbre/, 'Tu mensaje'],
    ['the page is English', '/demo/', 'es-ES', /Chat with Casa Lumbre/, 'Your message'],
  ])('the widget speaks it: %s', async (_, path, locale, launcher, field) => {
    const visit = await stage.shopper(path, { locale });
    await visit.widget.getByRole('button', { name: launcher }).click();
    await visit.widget.getByRole('textbox', { name: field }).waitFor();
  });

  it("the console speaks the browser's", async () => {
    const context = await stage.context({ locale: 'es-ES' });
    const page = await context.newPage();
    await page.goto(`${stage.server.origin}/console/`);
    await page.getByLabel('Contraseña', { exact: true }).waitFor();
  });

  it.each(['client', 'widget'])('%s: English and Spanish have the same messages', (part) => {
    const read = (locale: string): Record<string, unknown> =>
      JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', part, 'words', `${locale}.json`), 'utf8'));
    expect(Object.keys(read('es')).toSorted()).toEqual(Object.keys(read('en')).toSorted());
  });
});

describe('promise 8: WCAG 2.2 AA, dark and light, phone and desktop', () => {
  it.each([
    ['light desktop', { colorScheme: 'light' }],
    ['dark phone', { colorScheme: 'dark', ...PHONE }],
  ] as const)('the widget, %s: axe-core finds nothing', async (_, options) => {
    const { shopper, agent } = await stage.conversation({ shopper: options });
    await agent.say('Good evening! Which one do you have in mind?');
    await shopper.sees('Good evening!');
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    await agent.button('Look together').click();
    await shopper.button('Show my page').waitFor();
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    await shopper.button('Not now').click();
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').waitFor();
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    expect(await violations(shopper.page, 'mostrador-widget')).toEqual([]);
    await agent.button('Hang up').click();
  });

  it('on a phone, what ends something and what leads a call is 48 px for a thumb, each way', async () => {
    const { shopper, agent } = await stage.conversation({ shopper: PHONE });
    const least = (box: { width: number; height: number } | null): number =>
      Math.min(box?.width ?? 0, box?.height ?? 0);
    const measured = async (...buttons: (string | RegExp)[]): Promise<void> => {
      for (const name of buttons) {
        const button: Locator = shopper.button(name);
        await button.waitFor();
        expect(least(await button.boundingBox()), String(name)).toBeGreaterThanOrEqual(48);
      }
    };
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    await agent.page.keyboard.press('h');
    await shopper.button('Let Ana help').click();
    await agent.page.getByText('You can act in the page').waitFor();
    // Over the page …
    for (const own of ['stop', 'hands-stop']) {
      await expect
        .poll(async () => least(await ownBox(shopper.page, own)), { message: own })
        .toBeGreaterThanOrEqual(48);
    }
    // … and in the chat, which covers it.
    await shopper.launcher.click();
    await measured(/^Stop:/, /^Stop$/);
    await shopper.button(/^Stop$/).click();

    await agent.button('Call').click();
    await measured('Answer', 'Not now');
    await shopper.button('Answer').click();
    await measured('Join now');
    await shopper.button('Join now').click();
    await measured('Turn the microphone off', 'Turn the camera on', 'Camera, microphone and sound', 'Hang up');
    await shopper.button('Hang up').click();
  });

  it('the whole way of a shopper by keyboard alone', async () => {
    const visit = await stage.shopper();
    await visit.launcher.focus();
    await visit.page.keyboard.press('Enter');
    await expect.poll(async () => await visit.field.evaluate((field) => field.matches(':focus'))).toBe(true);
    await visit.page.keyboard.type('By keyboard');
    await visit.page.keyboard.press('Enter');
    await visit.sees('By keyboard');
    await visit.page.keyboard.press('Escape');
    await visit.field.waitFor({ state: 'hidden' });
    await expect.poll(async () => await visit.launcher.evaluate((button) => button.matches(':focus'))).toBe(true);
  });

  it('the counter as it is seen: the pictures of the README, and no violation in the console', async () => {
    const { shopper, agent } = await stage.conversation({ path: '/demo/category.html' });
    await shopper.say('I am looking for a lamp for a small kitchen. Warm light, please.');
    await agent.say('Good evening! Then the woven pendant is for you: 2700 K, and only 38 cm wide.');
    await shopper.sees('woven pendant');
    await shopper.say('Could you show me how it hangs?');
    await agent.sees('how it hangs');
    await picture(shopper.page, 'shop-chat');
    expect(await violations(agent.page, 'body')).toEqual([]);
    await agent.button('Look together').click();
    await shopper.button('Show my page').click();
    await replayFrame(agent.page);
    await agent.button('Video').click();
    await shopper.button('Answer').click();
    await shopper.button('Join now').click();
    await shopper.remotePicture.waitFor();
    await agent.remotePicture.waitFor();
    await agent.picture.getByRole('heading', { name: 'Everything in the shop' }).waitFor();
    await expect.poll(async () => await framesOf(agent.remotePicture)).toBeGreaterThan(3);
    await picture(agent.page, 'console-stage');
    expect(await violations(agent.page, 'body')).toEqual([]);
    await agent.page.emulateMedia({ colorScheme: 'dark' });
    await picture(agent.page, 'console-dark');
    expect(await violations(agent.page, 'body')).toEqual([]);
    await agent.button('Hang up').click();

    const phone = await stage.conversation({ path: '/demo/product/woven-pendant.html', shopper: PHONE });
    await phone.agent.button('Video').click();
    await phone.shopper.button('Answer').click();
    await phone.shopper.button('Join now').click();
    await phone.shopper.remotePicture.waitFor();
    await expect.poll(async () => await framesOf(phone.shopper.remotePicture)).toBeGreaterThan(3);
    await picture(phone.shopper.page, 'phone-call');
    await phone.agent.button('Hang up').click();
  });
});
