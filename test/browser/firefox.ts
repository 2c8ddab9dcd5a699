import { launch, type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { ensureFirefox } from '../support/installed.ts';

/** Real Firefox over WebDriver BiDi, with fake devices and no question for them; it reaches media on this machine. */
export async function launchFirefox(): Promise<Browser> {
  const found = ensureFirefox();
  if (!found.ok) throw new Error(found.reason);
  return await launch({
    browser: 'firefox',
    executablePath: found.path,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      'intl.accept_languages': 'en-GB, en',
    },
  });
}

/** Clicks the button of that name, in the widget's shadow root as well. */
export async function press(page: Page, name: string): Promise<void> {
  const handle = await page.waitForFunction(
    (wanted) => {
      const roots: (Document | ShadowRoot)[] = [document];
      const widget = document.querySelector('mostrador-widget')?.shadowRoot;
      if (widget) roots.push(widget);
      const buttons = roots.flatMap((root) => [...root.querySelectorAll('button')]);
      const named = (button: HTMLButtonElement) => button.getAttribute('aria-label') ?? button.textContent.trim();
      return buttons.find((button) => named(button).startsWith(wanted) && button.checkVisibility());
    },
    { timeout: 30_000, polling: 100 },
    name,
  );
  const button = handle.asElement();
  if (!button) throw new Error(`There is no ${name}`);
  await (button as ElementHandle<HTMLButtonElement>).click();
}

/** Waits until the chat shows a text. */
export async function sees(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('mostrador-widget')?.shadowRoot?.textContent.includes(wanted),
    { timeout: 30_000, polling: 100 },
    text,
  );
}

/** The field of the chat takes the focus when it opens; this writes into it and sends. */
export async function say(page: Page, text: string): Promise<void> {
  const field = await page.waitForFunction(
    () => document.querySelector('mostrador-widget')?.shadowRoot?.querySelector('textarea'),
    { timeout: 30_000, polling: 100 },
  );
  await (field as ElementHandle<HTMLTextAreaElement>).type(text);
  await page.keyboard.press('Enter');
}

/** How many pictures a video of that name shows, as soon as there are enough to say that it moves; 0 where it stands still or is not there. */
export async function framesIn(page: Page, label: string): Promise<number> {
  return await page.evaluate(async (wanted) => {
    const roots: (Document | ShadowRoot)[] = [document];
    const widget = document.querySelector('mostrador-widget')?.shadowRoot;
    if (widget) roots.push(widget);
    const videos = roots.flatMap((root) => [...root.querySelectorAll('video')]);
    const video = videos.find((one) => one.getAttribute('aria-label') === wanted);
    return await new Promise<number>((resolve) => {
      let frames = 0;
      const end = (): void => resolve(frames);
      const count = (): void => {
        if (++frames === 6) end();
        else video?.requestVideoFrameCallback(count);
      };
      video?.requestVideoFrameCallback(count);
      setTimeout(end, video ? 5_000 : 100);
    });
  }, label);
}
