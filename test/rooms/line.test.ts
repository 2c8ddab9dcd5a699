import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Presence } from '../../server/domain/conversation.ts';
import type { FrameCheck } from '../../server/frames/frame-check.ts';
import type { Media } from '../../server/media/media.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import { DEFAULT_SETTINGS, type HoursSetting, type Settings } from '../../server/protocol/settings.ts';
import type { Recordings } from '../../server/recordings/recordings.ts';
import { Desk } from '../../server/rooms/desk.ts';
import type { Line } from '../../server/rooms/line.ts';
import { Lines } from '../../server/rooms/lines.ts';
import { Rooms } from '../../server/rooms/rooms.ts';
import { ShopSettings } from '../../server/rooms/shop-settings.ts';
import { Sockets } from '../../server/rooms/socket.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';

const SHOP = { id: 'shop', key: 'shop', name: 'Shop', accent: '#000', greeting: null, origins: [] };
const START = Date.UTC(2027, 2, 1, 10);
const BY = { id: 'ana', name: 'Ana' };

/** Every day the same, by the hours of a clock that never changes. */
const daily = (from: number, to: number): HoursSetting => ({
  zone: 'UTC',
  weekly: Array.from({ length: 7 }, () => [{ from: from * 60, to: to * 60 }]),
  exceptions: {},
});

/** A shop's counter on real storage; time and the wire are the test's. */
class Counter {
  line!: Line;
  rooms!: Rooms;
  lines!: Lines;
  readonly #storage: Storage;
  #settings!: ShopSettings;
  #desk!: Desk;
  #sockets = new Sockets();
  readonly toShoppers: ServerFrame[] = [];
  readonly frames = new Map<string, ServerFrame[]>();
  readonly errors: unknown[] = [];

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** Also again, as a new process. */
  async open(): Promise<void> {
    const { now } = Date;
    const storage = this.#storage;
    this.#settings = new ShopSettings({ storage, now, newId: randomUUID });
    this.#desk = new Desk(this.#sockets);
    const unused: unknown = {};
    this.rooms = new Rooms({
      storage,
      // No conversation here gets as far as a call.
      media: unused as Media,
      recordings: unused as Recordings,
      frames: unused as FrameCheck,
      sockets: this.#sockets,
      now,
      newId: randomUUID,
      log: { error: (fields) => void this.errors.push(fields) },
      storageFailed: (error) => void this.errors.push(error),
      recorded: () => {},
      summaryChanged: (shop, summary) => {
        this.#desk.show(shop, summary);
        this.lines.sees(shop, summary);
      },
    });
    this.lines = new Lines({
      storage,
      settings: this.#settings,
      rooms: this.rooms,
      desk: this.#desk,
      mail: false,
      tellShoppers: (_, frame) => void this.toShoppers.push(frame),
      now,
      log: { error: (fields) => void this.errors.push(fields) },
    });
    this.line = await this.lines.of(SHOP.id);
  }

  async close(): Promise<void> {
    this.lines.close();
    await this.rooms.close();
  }

  async settle<Name extends keyof Settings>(section: Name, value: Settings[Name]): Promise<void> {
    const { versions } = await this.#settings.versioned(SHOP.id);
    const saved = await this.#settings.save(SHOP.id, section, value, versions[section], BY);
    expect(saved.ok).toBe(true);
  }

  async routing(change: Partial<Settings['routing']>): Promise<void> {
    await this.settle('routing', { ...DEFAULT_SETTINGS.routing, ...change });
  }

  agent(id: string, more: { topics?: string[]; capacity?: number; presence?: 'available' | 'busy' } = {}): void {
    const { topics = null, capacity = null, presence = 'available' } = more;
    this.#socket(id);
    this.#desk.join(SHOP.id, id, { id, name: id, role: 'agent' });
    this.line.join(id, { id, name: id, topics, capacity }, presence);
  }

  loses(id: string): void {
    this.#desk.leave(SHOP.id, id);
    this.line.leave(id);
  }

  /** A shopper writes; the conversation. */
  async arrives(topic: string | null = null): Promise<string> {
    const shopper = randomUUID();
    const { room } = await this.rooms.openFor(SHOP.id, shopper, topic);
    this.#socket(shopper);
    room.dispatch({ type: 'joined', presence: { socket: shopper, side: 'shopper', tab: 'tab' }, after: 0 });
    room.dispatch({ type: 'message-sent', socket: shopper, id: randomUUID(), text: 'Hello', known: null });
    await room.flushed();
    return room.id;
  }

  /** The shopper's page is loaded. */
  async visits(conversation: string, shopper: string): Promise<void> {
    const room = await this.rooms.byId(conversation);
    room?.dispatch({ type: 'joined', presence: { socket: shopper, side: 'shopper', tab: 'tab' }, after: 0 });
    await room?.flushed();
  }

  async acts(agent: string, conversation: string, ...types: ('accepted' | 'closed' | 'writes')[]): Promise<void> {
    const room = await this.rooms.byId(conversation);
    const socket = `${agent} at ${conversation}`;
    const presence: Presence = { socket, side: 'agent', tab: 'tab', id: agent, name: agent, role: 'agent' };
    room?.dispatch({ type: 'joined', presence, after: 0 });
    for (const type of types) {
      if (type !== 'writes') room?.dispatch({ type, socket });
      else room?.dispatch({ type: 'message-sent', socket, id: randomUUID(), text: 'Here I am', known: null });
      await room?.flushed();
    }
  }

  /** Time passes, and what it brings about is written. */
  async later(seconds: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    for (const { id } of await this.rooms.openSummaries(SHOP.id)) await (await this.rooms.byId(id))?.flushed();
  }

  /** Who is asked for each. */
  get asked(): Record<string, string> {
    return Object.fromEntries(this.line.view.offers.map(({ conversation, agent }) => [conversation, agent.id]));
  }

  place(conversation: string) {
    return this.rooms.peek(conversation)?.view.place;
  }

  async status(conversation: string): Promise<string | undefined> {
    // What was decided while it was loaded is written first.
    await (await this.rooms.byId(conversation))?.flushed();
    return (await this.#storage.conversation(conversation))?.status;
  }

  #socket(id: string): void {
    const frames: ServerFrame[] = [];
    this.frames.set(id, frames);
    const nothing = (): void => {};
    this.#sockets.add({
      id,
      send: (frame) => void frames.push(frame),
      sendText: (json) => void frames.push(JSON.parse(json.toString()) as ServerFrame),
      sendBinary: nothing,
      buffered: () => 0,
      close: nothing,
    });
  }
}

let dir: string;
let storage: Storage;
let counter: Counter;
beforeEach(async () => {
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  dir = mkdtempSync(join(tmpdir(), 'mostrador-line-'));
  storage = await openSqlite({ dir });
  await storage.saveShop(SHOP);
  counter = new Counter(storage);
  await counter.open();
});
afterEach(async () => {
  await counter.close();
  await storage.close();
  vi.useRealTimers();
  rmSync(dir, { recursive: true });
  expect(counter.errors).toEqual([]);
});

describe('promise 21: the line of a shop', () => {
  it('asks the least loaded who fits, the next one when time is over, and nobody who has no room or is busy', async () => {
    await counter.routing({ offerSeconds: 20, capacity: 2 });
    counter.agent('ana');
    counter.agent('luis', { topics: ['kitchen'] });
    counter.agent('eva', { presence: 'busy' });
    const garden = await counter.arrives('garden');
    expect(counter.asked).toEqual({ [garden]: 'ana' });
    const kitchen = await counter.arrives('kitchen');
    expect(counter.asked).toEqual({ [garden]: 'ana', [kitchen]: 'luis' });
    await counter.later(20);
    // Only Ana knows the garden, and has just been asked; she is the next for the kitchen.
    expect(counter.asked).toEqual({ [kitchen]: 'ana' });
    counter.line.pass(kitchen, 'ana');
    expect(counter.asked).toEqual({});
    counter.line.choose('eva', 'available');
    expect(Object.values(counter.asked)).toEqual(['eva', 'eva']);
  });

  it('whoever takes it by hand is right, capacity or not; the one who was asked is told', async () => {
    counter.agent('ana', { capacity: 1 });
    counter.agent('luis', { presence: 'busy', capacity: 1 });
    const [one, two] = [await counter.arrives(), await counter.arrives()];
    expect(counter.asked).toEqual({ [one]: 'ana' });
    await counter.acts('luis', one, 'accepted');
    await counter.acts('luis', two, 'accepted');
    expect(counter.asked).toEqual({});
    const told = counter.frames.get('ana')?.filter(({ type }) => type === 'line');
    expect(told?.at(-1)).toMatchObject({ line: { offers: [] } });
  });

  it('an agent who is lost keeps theirs for the time of grace; after that they wait again before everybody else', async () => {
    await counter.routing({ graceSeconds: 60 });
    counter.agent('ana');
    const first = await counter.arrives();
    await counter.acts('ana', first, 'accepted');
    await counter.later(30);
    const second = await counter.arrives();
    counter.loses('ana');
    await counter.later(50);
    counter.agent('ana');
    await counter.later(50);
    expect(await counter.status(first)).toBe('active');
    counter.loses('ana');
    await counter.later(60);
    expect(await counter.status(first)).toBe('waiting');
    expect([counter.place(first)?.ahead, counter.place(second)?.ahead]).toEqual([0, 1]);
    counter.agent('luis', { capacity: 1 });
    expect(counter.asked).toEqual({ [first]: 'luis' });
  });

  it('an agent who says nothing to a shopper for too long is not waited for', async () => {
    await counter.routing({ silentMinutes: 3 });
    counter.agent('ana');
    const silent = await counter.arrives();
    const answered = await counter.arrives();
    await counter.acts('ana', silent, 'accepted');
    await counter.acts('ana', answered, 'accepted', 'writes');
    counter.agent('luis');
    await counter.later(180);
    expect([await counter.status(silent), await counter.status(answered)]).toEqual(['waiting', 'active']);
    // Ana has just had it: Luis is the one to be asked.
    expect(counter.asked).toEqual({ [silent]: 'luis' });
  });

  it('away is who touches no tab, and who has none; the first touch brings them back as they were', async () => {
    counter.agent('ana');
    const one = await counter.arrives();
    expect(counter.asked).toEqual({ [one]: 'ana' });
    counter.line.idle('ana', true);
    expect(counter.asked).toEqual({});
    counter.line.idle('ana', false);
    expect(counter.asked).toEqual({ [one]: 'ana' });
    counter.loses('ana');
    expect(counter.asked).toEqual({});
    // What the browser remembers counts less than what was said here.
    counter.line.choose('ana', 'busy');
    counter.agent('ana', { presence: 'available' });
    expect(counter.line.chosen('ana')).toBe('busy');
  });

  it('says an expected wait only from what happened, and places move up; both outlive a restart', async () => {
    counter.agent('ana', { presence: 'busy', capacity: 100 });
    for (let n = 0; n < 3; n++) {
      const each = await counter.arrives();
      expect(counter.place(each)).toMatchObject({ ahead: 0, minutes: null });
      await counter.later(120);
      await counter.acts('ana', each, 'accepted', 'writes', 'closed');
    }
    const told = await counter.arrives();
    expect(counter.place(told)).toEqual({ ahead: 0, minutes: 2, long: false });
    await counter.later(70);
    expect(counter.place(told)).toMatchObject({ minutes: 1 });
    const behind = await counter.arrives();
    await counter.close();
    await counter.open();
    const [first, second] = await counter.rooms.openSummaries(SHOP.id);
    expect([first?.id, second?.id]).toEqual([told, behind]);
    expect(first?.estimateMs).toBe(120_000);
    counter.agent('luis', { capacity: 1 });
    expect(counter.asked).toEqual({ [told]: 'luis' });
    // The shopper's page is back.
    await counter.visits(told, 'again');
    expect(counter.place(told)).toEqual({ ahead: 0, minutes: 1, long: false });
    await counter.acts('luis', told, 'accepted');
    expect((await storage.waits(SHOP.id, START, 10)).map(({ estimateMs }) => estimateMs)).toEqual([
      120_000,
      null,
      null,
      null,
    ]);
  });

  it('what was expected is kept only where the shopper was told: not while it is closed, nor while nobody is there', async () => {
    await counter.settle('hours', daily(9, 11));
    await counter.settle('topics', [{ id: 'garden', name: { en: 'Garden' }, hours: null, paths: [] }]);
    counter.agent('ana', { presence: 'busy', capacity: 100, topics: [] });
    for (const each of [null, null, null, 'garden', 'garden', 'garden']) {
      const conversation = await counter.arrives(each);
      await counter.later(120);
      await counter.acts('ana', conversation, 'accepted', 'closed');
    }
    const estimate = async (topic: string | null = null): Promise<number | null | undefined> => {
      const id = await counter.arrives(topic);
      const { estimateMs } = (await storage.conversation(id)) ?? {};
      await counter.acts('ana', id, 'accepted', 'closed');
      return estimateMs;
    };
    expect(await estimate()).toBe(120_000);
    // Nobody is there who knows the garden.
    expect(await estimate('garden')).toBeNull();
    counter.line.choose('ana', 'away');
    expect(await estimate()).toBeNull();
    counter.line.choose('ana', 'busy');
    await counter.later(48 * 60);
    const closed = await counter.arrives();
    // In the morning it was not said either, whatever has been expected since.
    await counter.later(22 * 3_600);
    await counter.acts('ana', closed, 'accepted');
    expect((await storage.conversation(closed))?.estimateMs).toBeNull();
  });

  it('after a restart, who was with an agent already is told no time, as before it', async () => {
    counter.agent('ana', { presence: 'busy', capacity: 100 });
    for (let n = 0; n < 3; n++) {
      const each = await counter.arrives();
      await counter.later(120);
      await counter.acts('ana', each, 'accepted', 'closed');
    }
    const lost = await counter.arrives();
    expect(counter.place(lost)?.minutes).toBe(2);
    await counter.acts('ana', lost, 'accepted');
    counter.loses('ana');
    await counter.later(60);
    expect(counter.place(lost)).toMatchObject({ ahead: 0, minutes: null });
    const shopper = counter.rooms.peek(lost)?.shopper ?? '';
    await counter.close();
    await counter.open();
    await counter.visits(lost, shopper);
    expect(counter.place(lost)).toMatchObject({ ahead: 0, minutes: null });
  });

  it('after a restart agents have the time of grace to come back', async () => {
    counter.agent('ana');
    const one = await counter.arrives();
    await counter.acts('ana', one, 'accepted');
    await counter.close();
    await counter.open();
    await counter.later(59);
    expect(await counter.status(one)).toBe('active');
    await counter.later(2);
    expect(await counter.status(one)).toBe('waiting');
  });

  it('a wait beyond what the shop finds right says so', async () => {
    await counter.routing({ longWaitSeconds: 60 });
    const one = await counter.arrives();
    await counter.later(50);
    expect(counter.place(one)?.long).toBe(false);
    await counter.later(20);
    expect(counter.place(one)?.long).toBe(true);
  });

  it('who is gone for a day was missed and stands in no line; here again they stand in it, behind those who stayed', async () => {
    const gone = await counter.arrives();
    const room = await counter.rooms.byId(gone);
    const shopper = room?.shopper ?? '';
    room?.leave(shopper);
    const stays = await counter.arrives();
    await counter.later(23 * 3_600);
    expect(counter.place(stays)?.ahead).toBe(1);
    await counter.later(13 * 3_600);
    const missed = async () => (await storage.conversation(gone))?.facts.missed;
    expect(await missed()).toBe(true);
    expect(counter.place(stays)?.ahead).toBe(0);
    for (const again of [false, true]) {
      if (again) {
        await counter.close();
        await counter.open();
      }
      counter.agent('ana');
      expect(counter.asked).toEqual({ [stays]: 'ana' });
      const listed = await counter.rooms.openSummaries(SHOP.id);
      expect(listed.map(({ id, status }) => [id, status])).toContainEqual([gone, 'waiting']);
    }
    await counter.visits(gone, shopper);
    expect([await missed(), counter.place(gone)?.ahead]).toEqual([false, 1]);
    expect(counter.asked).toEqual({ [stays]: 'ana', [gone]: 'ana' });
    await counter.later(15);
    await counter.acts('ana', gone, 'accepted');
    // The wait of somebody who was here.
    expect((await storage.conversation(gone))?.facts).toMatchObject({ missed: false, firstWaitMs: 15_000 });
  });

  it('who was here for a day and is away for some hours is not gone', async () => {
    const one = await counter.arrives();
    await counter.later(30 * 3_600);
    const room = await counter.rooms.byId(one);
    room?.leave(room.shopper);
    const gone = async () => (await counter.rooms.openConversations(SHOP.id)).map(({ standing }) => standing.gone);
    await counter.later(12 * 3_600);
    expect(await gone()).toEqual([false]);
    await counter.later(18 * 3_600);
    expect(await gone()).toEqual([true]);
  });

  it('what runs weighs what the shop settles, from that moment on', async () => {
    await counter.routing({ capacity: 3 });
    counter.agent('ana');
    const runs = await counter.arrives();
    await counter.acts('ana', runs, 'accepted', 'writes');
    const next = await counter.arrives();
    expect(counter.asked).toEqual({ [next]: 'ana' });
    await counter.routing({ capacity: 3, units: { chat: 2, cobrowse: 2, call: 3 } });
    expect(counter.asked).toEqual({});
    const told = counter.frames.get('ana')?.filter(({ type }) => type === 'line');
    expect(told?.at(-1)).toMatchObject({ line: { offers: [] } });
    await counter.routing({ capacity: 4, units: { chat: 2, cobrowse: 2, call: 3 } });
    expect(counter.asked).toEqual({ [next]: 'ana' });
  });

  it('what the team can do is what it is said to be, at once; who is not there does not come by it', async () => {
    await counter.settle('topics', [{ id: 'garden', name: { en: 'Garden' }, hours: null, paths: [] }]);
    counter.agent('ana', { topics: [] });
    const [any, garden] = [await counter.arrives(), await counter.arrives('garden')];
    expect(counter.asked).toEqual({ [any]: 'ana' });
    expect(counter.line.attendance).toMatchObject({ staffed: true, topics: [{ id: 'garden', staffed: false }] });
    counter.line.teamIs([
      { id: 'ana', name: 'Ana María', topics: ['garden'], capacity: null },
      { id: 'luis', name: 'Luis', topics: null, capacity: null },
    ]);
    expect(counter.asked).toEqual({ [any]: 'ana', [garden]: 'ana' });
    expect(counter.line.view.offers[0]?.agent).toEqual({ id: 'ana', name: 'Ana María' });
    expect(counter.toShoppers.at(-1)).toMatchObject({ attendance: { topics: [{ id: 'garden', staffed: true }] } });
    counter.line.teamIs([{ id: 'ana', name: 'Ana María', topics: [], capacity: 1 }]);
    expect(counter.asked).toEqual({ [any]: 'ana' });
  });
});

describe('promise 20: hours and topics as they are settled', () => {
  it('nobody waits too long at a closed shop, and the night is no wait', async () => {
    await counter.routing({ longWaitSeconds: 600 });
    await counter.settle('hours', daily(9, 18));
    await counter.settle('topics', [
      { id: 'kitchen', name: { en: 'Kitchen' }, hours: daily(9, 11), paths: [] },
      { id: 'garden', name: { en: 'Garden' }, hours: null, paths: [] },
    ]);
    const long = (...all: string[]) => all.map((each) => counter.place(each)?.long);
    // At five to eleven.
    await counter.later(55 * 60);
    const [kitchen, garden] = [await counter.arrives('kitchen'), await counter.arrives('garden')];
    await counter.later(15 * 60);
    expect(long(kitchen, garden)).toEqual([false, true]);
    // Nine in the morning: the kitchen's five minutes of yesterday, and no more.
    await counter.later(21 * 3_600 + 50 * 60);
    expect(long(kitchen, garden)).toEqual([false, true]);
    await counter.later(5 * 60 + 10);
    expect(long(kitchen)).toEqual([true]);
    // It closes, and that is said at once.
    await counter.later(2 * 3_600 - 6 * 60 - 10);
    expect(long(kitchen)).toEqual([true]);
    await counter.later(60);
    expect(long(kitchen, garden)).toEqual([false, true]);
  });

  it('shoppers are told when it opens and closes, and when somebody comes or goes', async () => {
    await counter.settle('hours', daily(9, 12));
    const noon = START + 2 * 3_600_000;
    expect(counter.toShoppers.at(-1)).toMatchObject({ attendance: { open: true, until: noon, staffed: false } });
    counter.agent('ana');
    expect(counter.toShoppers.at(-1)).toMatchObject({ attendance: { staffed: true } });
    // Lost for a moment is not gone.
    counter.loses('ana');
    expect(counter.toShoppers.at(-1)).toMatchObject({ attendance: { staffed: true } });
    await counter.later(60);
    expect(counter.toShoppers.at(-1)).toMatchObject({ attendance: { staffed: false } });
    await counter.later(2 * 3_600);
    expect(counter.toShoppers.at(-1)).toMatchObject({ attendance: { open: false, until: START + 23 * 3_600_000 } });
  });

  it('a topic is what the shopper chose, else what the page says, and never one that does not exist', async () => {
    const topic = (id: string, paths: string[]) => ({ id, name: { en: id }, hours: null, paths });
    await counter.settle('topics', [topic('kitchen', ['/kitchen']), topic('garden', [])]);
    const { line } = counter;
    const page = 'https://shop.example/kitchen/knife';
    expect(line.topicFor('garden', page)).toBe('garden');
    expect(line.topicFor(null, page)).toBeNull();
    expect(line.topicFor(undefined, page)).toBe('kitchen');
    expect(line.topicFor('gone', page)).toBe('kitchen');
  });
});

describe('promise 3: nothing acknowledged is ever lost', () => {
  it('a conversation that nobody follows is put away only when all of it is written', async () => {
    const one = await counter.arrives();
    const room = await counter.rooms.byId(one);
    room?.leave(room.shopper);
    vi.advanceTimersByTime(61_000);
    while (counter.rooms.peek(one)) await new Promise((resolve) => setImmediate(resolve));
    // Whoever stops now finds nothing under way: what fails is looked at after each test.
    await counter.close();
    await storage.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(counter.errors).toEqual([]);
  });
});
