import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../../server/files/files.ts';
import type { FrameCheck } from '../../server/frames/frame-check.ts';
import type { Media } from '../../server/media/media.ts';
import type { ClientFrame } from '../../server/protocol/from-client.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/limits.ts';
import type { Recordings } from '../../server/recordings/recordings.ts';
import { Desk } from '../../server/rooms/desk.ts';
import { Lines } from '../../server/rooms/lines.ts';
import { Rooms } from '../../server/rooms/rooms.ts';
import { ShopSettings } from '../../server/rooms/shop-settings.ts';
import { ShopperSession, ShopperTabs } from '../../server/rooms/shopper-session.ts';
import { Sockets } from '../../server/rooms/socket.ts';
import { Tickets } from '../../server/rooms/tickets.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { aShop } from '../storage/samples.ts';

let dir: string;
let storage: Storage;
let rooms: Rooms;
let lines: Lines;
const sockets = new Sockets();
const errors: unknown[] = [];
const log = { error: (fields: object) => void errors.push(fields) };
const shop = aShop();
const shopper = randomUUID();
const tabs = new ShopperTabs();

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mostrador-pace-'));
  storage = await openSqlite({ dir });
  await storage.saveShop(shop);
  const now = Date.now;
  const settings = new ShopSettings({ storage, now, newId: randomUUID });
  const desk = new Desk(sockets);
  // No conversation here gets as far as a call.
  const unused: unknown = {};
  const steps = { media: unused as Media, recordings: unused as Recordings, frames: unused as FrameCheck };
  const told = { recorded: () => {}, storageFailed: (error: unknown) => void errors.push(error) };
  const base = { storage, sockets, now, newId: randomUUID, log };
  rooms = new Rooms({ ...base, ...steps, ...told, summaryChanged: (of, summary) => lines.sees(of, summary) });
  lines = new Lines({ storage, settings, rooms, desk, mail: false, tellShoppers: () => {}, now, log });
  await lines.of(shop.id);
});
afterEach(async () => {
  lines.close();
  await rooms.close();
  await storage.close();
  rmSync(dir, { recursive: true });
  expect(errors).toEqual([]);
});

type Tab = { frames: ServerFrame[]; say(frame: ClientFrame): void; leave(): void };

function listen(): { id: string; frames: ServerFrame[] } {
  const frames: ServerFrame[] = [];
  const id = randomUUID();
  const sendText = (json: string): void => void frames.push(JSON.parse(json) as ServerFrame);
  const send = (frame: ServerFrame): void => void frames.push(frame);
  sockets.add({ id, send, sendText, sendBinary: () => {}, buffered: () => 0, close: () => {} });
  return { id, frames };
}

/** A tab of the shopper's, as the socket's door opens it. */
function tab(): Tab {
  const { id, frames } = listen();
  const socket = sockets.get(id);
  if (!socket) throw new Error('there is no such socket');
  const unused: unknown = {};
  const settings = new ShopSettings({ storage, now: Date.now, newId: randomUUID });
  const tickets = new Tickets({ storage, settings, now: Date.now, failed: (error) => void errors.push(error) });
  const hello = {
    type: 'hello',
    role: 'shopper',
    protocol: PROTOCOL_VERSION,
    shop: shop.key,
    tab: randomUUID(),
  } as const;
  const { key, name, accent, greeting } = shop;
  const attendance = { open: true, until: null, staffed: false, topics: [], channels: [] };
  const view = { key, name, accent, greeting, attendance, mail: false };
  const page = { url: 'https://shop.example/', title: 'Shop' };
  const session = new ShopperSession(
    socket,
    { shop: shop.id, shopper, token: '', origin: 'https://shop.example', address: '', hello: { ...hello, page } },
    {
      mayOpen: async () => true,
      givePass: () => '',
      rooms,
      tabs,
      lines,
      tickets,
      mails: null,
      files: unused as Files,
      now: Date.now,
      newId: randomUUID,
      help: async () => ({
        articles: false,
        rating: false,
      }),
      media: () => ({ status: 'ready' }),
      recording: () => ({
        call: 'off',
        page: false,
        days: 1,
      }),
      failed: (_, error) => void errors.push(error),
      inBackground: (work) => void work.catch((error: unknown) => errors.push(error)),
    },
  );
  session.start(view, undefined);
  return { frames, say: (frame) => session.handle(frame), leave: () => session.left() };
}

const word = (text: string): Extract<ClientFrame, { type: 'message.send' }> => ({
  type: 'message.send',
  id: randomUUID(),
  text,
});

describe('promise 15: what one person may write and show', () => {
  it('who pours in text is stopped with a reason, over all tabs, and what came before is kept', async () => {
    const [one, two] = [tab(), tab()];
    one.say(word('hello'));
    await expect.poll(() => one.frames.some(({ type }) => type === 'message.ack')).toBe(true);
    await expect.poll(() => two.frames.some(({ type }) => type === 'conversation.state')).toBe(true);
    const sent = Array.from({ length: 160 }, () => [word('x'.repeat(4_000)), word('x'.repeat(4_000))] as const);
    for (const [first, second] of sent) {
      one.say(first);
      two.say(second);
    }
    const ids = sent.flat().map(({ id }) => id);
    const answers = (type: 'message.ack' | 'refused') =>
      [...one.frames, ...two.frames].filter((frame) => frame.type === type && ids.includes(frame.id ?? ''));
    await expect.poll(() => answers('message.ack').length + answers('refused').length).toBe(320);
    expect(answers('message.ack').length).toBeGreaterThan(200);
    expect(answers('refused').length).toBeGreaterThan(20);
    expect(answers('refused')[0]).toMatchObject({ of: 'message.send', reason: 'too-fast' });
    // The same word again is no new one.
    const [known] = sent[0] ?? [];
    if (known) one.say(known);
    await expect
      .poll(() => answers('message.ack').filter((frame) => 'id' in frame && frame.id === known?.id))
      .toHaveLength(2);
    for (const each of [one, two]) each.leave();
  });

  it('a page whose address changes all the time is shown now and then, the last one for sure', async () => {
    const mine = tab();
    mine.say(word('hello'));
    await expect.poll(() => mine.frames.some(({ type }) => type === 'message.ack')).toBe(true);
    const room = await rooms.latest(shop.id, shopper);
    const agent = listen();
    const ana = { socket: agent.id, side: 'agent', tab: 'a', id: 'ana', name: 'Ana', role: 'agent' } as const;
    room?.dispatch({ type: 'joined', presence: ana, after: 0 });
    const shown = (): string[] =>
      agent.frames.flatMap((frame) =>
        frame.type === 'conversation.state' ? [frame.conversation.shopper.page?.title ?? ''] : [],
      );
    for (let n = 1; n <= 500; n++) {
      mine.say({ type: 'page.show', page: { url: `https://shop.example/${n}`, title: `page ${n}` } });
    }
    await expect.poll(() => shown().at(-1)).toBe('page 500');
    expect(shown()).toContain('page 1');
    expect(shown().length).toBeLessThan(100);
    mine.leave();
    room?.leave(agent.id);
  });
});
