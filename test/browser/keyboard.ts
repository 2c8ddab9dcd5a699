import type { Locator } from 'playwright-core';

/** More than a screen of the console has. */
const MOST = 120;

/** Goes on with Tab, as whoever has no mouse does, until a control has the focus. */
export async function tabTo(control: Locator): Promise<void> {
  const { keyboard } = control.page();
  await control.waitFor();
  for (let presses = 0; presses < MOST; presses++) {
    if (await control.evaluate((element) => element.matches(':focus'))) return;
    await keyboard.press('Tab');
  }
  throw new Error(`${String(control)} cannot be reached with Tab`);
}
