import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../server/protocol/settings.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import { aConversation } from '../storage/samples.ts';
import { settle } from '../support/settle.ts';
import { signIn } from '../support/wire.ts';
import { violations } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({}, [{ name: 'Luis', topics: ['care'] }]);
  const topic = (id: string, en: string, es: string) => ({ id, name: { en, es }, hours: null, paths: [] });
  const topics = [topic('orders', 'My order', 'Mi pedido'), topic('care', 'Care and repairs', 'Cuidado y reparación')];
  await settle(stage.server, await signIn(stage.server), 'topics', topics);
});
afterAll(async () => await stage.close());
afterEach(async () => await stage.leave());

describe('promise 21: an honest line', () => {
  it('three shoppers and two agents at once: hours, topics, places, offers by key, presence, a hand-over with a note', async () => {
    const early = await stage.shopper();
    await early.open();
    // Nobody is signed in, and that is said before anything is written.
    await early.widget.getByText('Nobody is here at this moment').waitFor();
    const ana = await stage.agent();
    await early.widget.getByText('Nobody is here at this moment').waitFor({ state: 'detached' });
    await early.button('My order').waitFor();
    expect(await violations(early.page, 'mostrador-widget')).toEqual([]);
    await early.button('My order').click();
    await early.say('Where is my order?');
    await early.widget.getByText('You are next.').waitFor();
    const [second, third] = [await stage.shopper(), await stage.shopper()];
    for (const shopper of [second, third]) {
      await shopper.open();
      await shopper.button('My order').click();
    }
    await second.say('The vase came broken');
    await third.say('Do you deliver on Sundays?');
    await third.widget.getByText('2 people are before you.').waitFor();
    expect(await violations(third.page, 'mostrador-widget')).toEqual([]);

    // Ana is asked for the one who waits longest, and takes him with a key.
    await ana.page.getByRole('region', { name: 'A shopper is offered to you' }).waitFor();
    expect(await violations(ana.page, 'body')).toEqual([]);
    await ana.page.keyboard.press('t');
    await early.sees('Ana is with you now');
    await third.widget.getByText('One person is before you.').waitFor();
    await ana.say('It left our house this morning.');
    await early.sees('It left our house this morning.');
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('t');
    await second.sees('Ana is with you now');

    // What she is asked beyond that goes on to somebody else as soon as she is busy: here, to nobody.
    await ana.page.getByLabel('Your presence').selectOption('Busy');
    await ana.page.getByRole('region', { name: 'A shopper is offered to you' }).waitFor({ state: 'detached' });
    const luis = await stage.agent({}, stage.as['Luis']);
    // The topic is not one of Luis's; by hand he takes it all the same.
    await luis.accept('Do you deliver on Sundays?');
    await third.sees('Luis is with you now');

    // Ana hands hers to Luis, who reads why; the shopper reads only that it happened. Neither of them has a mouse.
    await ana.page.keyboard.press('Escape');
    await ana.page.keyboard.press('g');
    const dialog = ana.page.getByRole('dialog', { name: 'Hand over' });
    await dialog.waitFor();
    await ana.page.keyboard.type('Send a new one, I have checked the photo');
    expect(await violations(ana.page, 'body')).toEqual([]);
    await tabTo(dialog.getByRole('listitem').filter({ hasText: 'Luis' }).getByRole('button', { name: 'Ask' }));
    await ana.page.keyboard.press('Enter');
    await ana.page.getByText('Asking Luis').waitFor();
    await luis.page.getByRole('alertdialog').getByText('I have checked the photo').waitFor();
    expect(await violations(luis.page, 'body')).toEqual([]);
    await tabTo(luis.button('Take over'));
    await luis.page.keyboard.press('Enter');
    await second.sees('Luis has taken over from Ana');
    await luis.page.getByRole('complementary', { name: 'Note for whoever has the conversation' }).waitFor();
    expect(await second.widget.innerText()).not.toContain('photo');
    expect([...early.errors, ...second.errors, ...third.errors]).toEqual([]);
  });

  it('a wait that is expected to be too long brings the other ways, and whoever reads them keeps the place', async () => {
    // Three have been taken, each after twelve minutes: what the line knows when the service starts.
    const minute = 60_000;
    await stage.server.stop();
    const storage = await openSqlite({ dir: stage.server.dataDir });
    const shop = await storage.shopByKey('demo');
    for (const began of [50, 37, 24]) {
      const openedAt = Date.now() - began * minute;
      const record = aConversation(shop?.id ?? '', { status: 'closed', openedAt, waitingSince: openedAt });
      const facts = { ...record.facts, firstWaitMs: 12 * minute, closedAt: openedAt + 13 * minute };
      await storage.append({ ...record, facts }, []);
    }
    await storage.close();
    stage.server = await stage.server.restart();
    const cookie = await signIn(stage.server);
    const limit = async (minutes: number): Promise<void> => {
      const channels = [{ label: 'Call us', url: 'tel:+34910000000' }];
      await settle(stage.server, cookie, 'routing', {
        ...DEFAULT_SETTINGS.routing,
        longWaitSeconds: minutes * 60,
        channels,
      });
    };
    await limit(13);

    const ana = await stage.agent();
    await ana.page.getByLabel('Your presence').selectOption('Busy');
    const [early, late] = [await stage.shopper(), await stage.shopper()];
    await early.open();
    await early.say('Is the lamp for outside?');
    await early.widget.getByText('You are next. About 12 minutes.').waitFor();
    await late.open();
    await late.say('And the vase?');
    await late.widget.getByText('One person is before you.').waitFor();
    const leave = early.button('Leave a message');
    expect(await leave.count()).toBe(0);

    // The shop finds that too long.
    await limit(11);
    await early.widget.getByText('You can go on waiting here, or reach us another way').waitFor();
    const channel = early.widget.getByRole('link', { name: 'Call us' });
    expect(await channel.getAttribute('href')).toBe('tel:+34910000000');
    await leave.click();
    const form = early.widget.getByRole('form', { name: 'Leave us a message' });
    await form.getByRole('button', { name: 'Back to chat' }).click();
    await form.waitFor({ state: 'detached' });
    await early.say('I rather wait');
    await early.page.reload();
    await early.widget.getByText(/^You are next\./).waitFor();
    await channel.waitFor();
    // Of a second place nothing is known: nothing is said, and nothing else offered.
    await late.widget.getByText('One person is before you.').waitFor();
    expect(await late.widget.getByRole('link', { name: 'Call us' }).count()).toBe(0);

    await ana.page.getByLabel('Your presence').selectOption('Available');
    const offer = ana.page.getByRole('region', { name: 'A shopper is offered to you' });
    await offer.getByText('I rather wait').waitFor();
    await ana.page.keyboard.press('t');
    await early.sees('Ana is with you now');
    await channel.waitFor({ state: 'detached' });
    await late.widget.getByText('You are next.').waitFor();
    expect([...early.errors, ...late.errors]).toEqual([]);
  });
});
