import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Presence } from '../../server/domain/conversation.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import type { FrameCheck } from '../../server/frames/frame-check.ts';
import type { Media } from '../../server/media/media.ts';
import { ENTRIES_PER_FRAME } from '../../server/protocol/limits.ts';
import { DEFAULT_SETTINGS, type HoursSetting } from '../../server/protocol/settings.ts';
import type { Recordings } from '../../server/recordings/recordings.ts';
import type { Room } from '../../server/rooms/room.ts';
import { Rooms } from '../../server/rooms/rooms.ts';
import { Sockets } from '../../server/rooms/socket.ts';
import { Tickets } from '../../server/rooms/tickets.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { aShop } from '../storage/samples.ts';

const HOUR = 3_600_000;
/** A Monday, ten o'clock. */
const START = Date.UTC(2027, 2, 1, 10);
const shop = aShop();
const shopper: Presence = { socket: 's', side: 'shopper', tab: 't' };
const ana: Presence = { socket: 'a', side: 'agent', tab: 't', id: 'ana', name: 'Ana', role: 'agent' };
const day = [{ from: 9 * 60, to: 18 * 60 }];
const nineToSix: HoursSetting = { zone: 'UTC', weekly: [day, day, day, day, day, day, day], exceptions: {} };
/** The shop never closes, and means to answer within twelve hours; the kitchen is open from nine to six. */
const settings = {
  ...DEFAULT_SETTINGS,
  topics: [{ id: 'kitchen', name: {}, hours: nineToSix, paths: [] }],
  tickets: { answerHours: 12 },
};

let dir: string;
let storage: Storage;
let rooms: Rooms;
let tickets: Tickets;
let room: Room;
let now: number;
const errors: unknown[] = [];

beforeEach(async () => {
  now = START;
  dir = mkdtempSync(join(tmpdir(), 'mostrador-tickets-'));
  storage = await openSqlite({ dir });
  await storage.saveShop(shop);
  const unused: unknown = {};
  rooms = new Rooms({
    storage,
    // No conversation here gets as far as a call.
    media: unused as Media,
    recordings: unused as Recordings,
    frames: unused as FrameCheck,
    sockets: new Sockets(),
    now: () => now,
    newId: randomUUID,
    log: { error: (fields) => void errors.push(fields) },
    storageFailed: (error) => void errors.push(error),
    recorded: (entries, of) => tickets.recorded(of, entries),
    summaryChanged: () => {},
  });
  tickets = new Tickets({
    storage,
    settings: { of: () => Promise.resolve(settings) },
    now: () => now,
    failed: (error) => void errors.push(error),
  });
  ({ room } = await rooms.openFor(shop.id, randomUUID(), null));
  for (const presence of [shopper, ana]) room.dispatch({ type: 'joined', presence, after: 0 });
});
afterEach(async () => {
  await rooms.close();
  await storage.close();
  rmSync(dir, { recursive: true });
  expect(errors.splice(0)).toEqual([]);
});

const says = (socket: string): ConversationEvent => {
  return { type: 'message-sent', socket, id: randomUUID(), text: 'Hello', known: null };
};
const isAbout = (topic: string | null): void => {
  room.dispatch({ type: 'topic-changed', socket: 'a', topic });
  tickets.topicChanged(room);
};
const dueAt = (): number | null => room.view.ticket?.dueAt ?? null;

async function leave(): Promise<void> {
  const ticket = await tickets.wish(room, { email: null, name: null });
  room.dispatch({ ...says('s'), ticket } as ConversationEvent);
  await room.flushed();
}

describe('promise 25: when an answer is due goes by the hours of what it is about', () => {
  it('another topic has other hours, from the same word on; a shopper’s next word begins its time anew', async () => {
    await leave();
    expect(dueAt()).toBe(START + 12 * HOUR);
    now += HOUR;
    isAbout('kitchen');
    // Eight hours today, four tomorrow from nine.
    await expect.poll(dueAt).toBe(START + 27 * HOUR);
    // It is handed on, by whoever has it.
    room.dispatch({ type: 'accepted', socket: 'a' });
    room.dispatch({ type: 'handed-on', socket: 'a', topic: null, note: null });
    await expect.poll(dueAt).toBe(START + 12 * HOUR);
    room.dispatch(says('s'));
    await expect.poll(dueAt).toBe(START + 13 * HOUR);
    isAbout('kitchen');
    await expect.poll(dueAt).toBe(START + 28 * HOUR);
  });

  it('however much agents have written for each other since; not before it was a ticket; and not where it is the shopper’s turn', async () => {
    room.dispatch(says('s'));
    now += HOUR;
    const wish = await tickets.wish(room, { email: null, name: null });
    room.dispatch({ type: 'ticket-wanted', socket: 'a', wish });
    isAbout('kitchen');
    await expect.poll(dueAt).toBe(START + 28 * HOUR);
    now += HOUR;
    room.dispatch(says('s'));
    await expect.poll(dueAt).toBe(START + 29 * HOUR);
    now += HOUR;
    for (let n = 0; n < ENTRIES_PER_FRAME * 2 + 3; n++) {
      room.dispatch({ type: 'note-written', socket: 'a', id: randomUUID(), text: 'Hm', known: null });
    }
    isAbout(null);
    await expect.poll(dueAt).toBe(START + 14 * HOUR);
    room.dispatch({ type: 'accepted', socket: 'a' });
    room.dispatch(says('a'));
    isAbout('kitchen');
    await room.flushed();
    expect(dueAt()).toBeNull();
  });
});
