import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../browser/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(async () => await stage.close());
afterEach(async () => await stage.leave());

describe('promise 20: settings and who changed them', () => {
  it('two topics in one change are two lines of the audit, which is read once', async () => {
    const { page, button, errors } = await officeOf('Topics');
    for (const [index, name] of ['Lamps', 'Vases'].entries()) {
      await button('New topic').click();
      await page.getByLabel('Name in English').nth(index).fill(name);
    }
    await button('Save').click();
    await page.getByText('Saved.', { exact: true }).waitFor();

    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('/api/settings/audit') ? 1 : 0));
    await page.getByRole('tab', { name: 'Who changed what' }).click();
    const audit = page.getByRole('tabpanel', { name: 'Who changed what' });
    await audit.getByText('Vases', { exact: true }).waitFor();
    await audit.getByText('Lamps', { exact: true }).waitFor();
    // One that reads again would have asked by now.
    await page.evaluate(async () => void (await fetch('/api/team'), await fetch('/api/team')));
    expect(asked).toBe(1);
    expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  });

  it('the pages of a topic can be saved while the cursor is still among them', async () => {
    const { page, button } = await officeOf('Topics');
    await button('New topic').click();
    await page.getByLabel('Name in English').last().fill('Returns');
    await button('Save').click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    const pages = page.getByLabel('Pages where this topic is meant').last();
    await pages.pressSequentially('/returns\n/back ');
    await expect.poll(() => button('Save').isEnabled()).toBe(true);
    expect(await pages.inputValue()).toBe('/returns\n/back ');
    await button('Save').click();
    await page.getByText('Saved.', { exact: true }).waitFor();
    expect(await pages.inputValue()).toBe('/returns\n/back');
  });
});

type Office = Pick<Awaited<ReturnType<Stage['agent']>>, 'page' | 'errors' | 'button'>;

async function officeOf(part: string): Promise<Office> {
  const agent = await stage.agent();
  await agent.button('Settings').click();
  await agent.page.getByRole('tab', { name: part }).click();
  return { page: agent.page, errors: agent.errors, button: (name) => agent.button(name) };
}
