import { beforeEach, describe, expect, it } from 'vitest';
import { newConversation, type Conversation, type Presence } from '../../server/domain/conversation.ts';
import { decide } from '../../server/domain/decide.ts';
import type { Effect } from '../../server/domain/effects.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { summaryOf, viewOf } from '../../server/domain/view.ts';
import { conversationFrom, recordOf } from '../../server/rooms/record.ts';

const shopper: Presence = { socket: 's', tab: 'ts', side: 'shopper' };
const ana: Presence = { socket: 'a', tab: 'ta', side: 'agent', id: 'ana', name: 'Ana', role: 'agent' };
const luis: Presence = { socket: 'l', tab: 'tl', side: 'agent', id: 'luis', name: 'Luis', role: 'agent' };

let state: Conversation;
let now: number;

/** Feeds an event; gives its effects. */
function feed(event: ConversationEvent): Effect[] {
  const decision = decide(state, event, (now += 1_000));
  ({ state } = decision);
  return decision.effects;
}

const entries = (effects: Effect[]) => effects.flatMap((effect) => (effect.type === 'append' ? effect.entries : []));
const refusals = (effects: Effect[]) => effects.flatMap((effect) => (effect.type === 'refuse' ? [effect.reason] : []));
const kinds = (effects: Effect[]) => effects.map(({ type }) => type);

const EVERYTHING = { call: true, page: true };
const [CALL, PAGE] = [
  { call: true, page: false },
  { call: false, page: true },
];
const ask = (socket = 'a', available = EVERYTHING) => feed({ type: 'recording-asked', socket, available, days: 30 });
const look = (socket = 's') => feed({ type: 'cobrowse-answered', socket, yes: true, channel: 7 });
const stopLooking = () => feed({ type: 'cobrowse-stopped', socket: 'a' });
const hangUp = () => feed({ type: 'call-hung-up', socket: 's', id: 'call' });
const answer = (yes: boolean, socket = 's') => feed({ type: 'recording-answered', socket, yes, id: 'r1' });

beforeEach(() => {
  now = 1_000_000;
  state = newConversation({ id: 'c', shop: 'shop', shopper: 'p' }, now);
  for (const presence of [shopper, ana, luis]) feed({ type: 'joined', presence, after: 0 });
  feed({ type: 'accepted', socket: 'a' });
  feed({ type: 'call-proposed', socket: 'a', id: 'call', video: true, media: 'ready' });
  feed({ type: 'call-answered', socket: 's', id: 'call', yes: true });
});

describe('promise 14: recorded only with both yeses', () => {
  it('a colleague in the call may stop it as well; one who is not in it may not', () => {
    ask();
    answer(true);
    const stop = { type: 'recording-stopped', socket: 'l' } as const;
    expect(refusals(feed(stop))).toEqual(['not-yours']);
    feed({ type: 'call-invited', socket: 'a', id: 'call', agent: { id: 'luis', name: 'Luis' }, as: 'guest' });
    feed({ type: 'call-joined', socket: 'l', id: 'call', part: 'listens', as: 'guest' });
    expect(entries(feed(stop))).toMatchObject([{ type: 'recording-stopped', by: { id: 'luis' }, outcome: 'stopped' }]);
    expect(viewOf(state).recording).toEqual({ status: 'off' });
  });

  it('the agent asks, the shopper allows: on for both, in the record, and only then anything is written', () => {
    expect(kinds(ask())).not.toContain('recording.start');
    expect(viewOf(state).recording).toEqual({ status: 'asked', by: { id: 'ana', name: 'Ana' }, days: 30, of: CALL });
    const effects = answer(true);
    const on = { status: 'on', id: 'r1', by: { id: 'ana', name: 'Ana' }, since: now, of: CALL, had: CALL };
    expect(viewOf(state).recording).toEqual(on);
    expect(summaryOf(state).recording).toBe('on');
    expect(entries(effects)).toMatchObject([{ type: 'recording-started', by: { side: 'agent', id: 'ana' } }]);
    // The sign is shown before the first packet is asked for.
    expect(kinds(effects).indexOf('show')).toBeLessThan(kinds(effects).indexOf('recording.start'));
    expect(effects).toContainEqual({ type: 'recording.start', id: 'r1', since: now, of: CALL, had: CALL });
  });

  it('a no is kept in the record, writes nothing, and may be asked again', () => {
    ask();
    const effects = answer(false);
    expect(kinds(effects)).not.toContain('recording.start');
    expect(entries(effects)).toMatchObject([{ type: 'recording-refused' }]);
    expect(viewOf(state).recording).toEqual({ status: 'off' });
    ask();
    expect(viewOf(state).recording.status).toBe('asked');
  });

  it('a question in the name of an agent who has handed the conversation over is void; what is on goes on', () => {
    const handOver = (from: string, to: Presence) => {
      const agent = to.side === 'agent' ? { id: to.id, name: to.name } : null;
      feed({ type: 'call-invited', socket: from, id: 'call', agent, as: 'owner' });
      feed({ type: 'call-joined', socket: to.socket, id: 'call', part: 'talks', as: 'owner' });
    };
    ask();
    handOver('a', luis);
    expect(viewOf(state).recording).toEqual({ status: 'off' });
    expect(answer(true)).toEqual([]);
    ask('l');
    answer(true);
    handOver('l', ana);
    expect(viewOf(state).recording).toMatchObject({ status: 'on', by: { id: 'luis' } });
  });

  it('without a question a yes means nothing; nor does one to a question that was taken back', () => {
    expect(answer(true)).toEqual([]);
    ask();
    feed({ type: 'recording-stopped', socket: 'a' });
    expect(answer(true)).toEqual([]);
    expect(viewOf(state).recording).toEqual({ status: 'off' });
  });

  it('only the conversation’s agent asks, only the shopper answers', () => {
    expect(refusals(ask('s'))).toEqual(['not-yours']);
    expect(refusals(ask('l'))).toEqual(['not-yours']);
    ask();
    expect(refusals(answer(true, 'a'))).toEqual(['not-yours']);
    expect(refusals(answer(true, 'l'))).toEqual(['not-yours']);
    expect(viewOf(state).recording.status).toBe('asked');
  });

  it('cannot be asked where nothing goes on, nor where this server cannot record what does', () => {
    expect(refusals(ask('a', PAGE))).toEqual(['recording-unavailable']);
    feed({ type: 'call-hung-up', socket: 's', id: 'call' });
    expect(refusals(ask())).toEqual(['no-call']);
    feed({ type: 'call-proposed', socket: 'a', id: 'next', video: true, media: 'ready' });
    expect(refusals(ask())).toEqual(['no-call']);
  });

  it.each([
    ['the shopper', 's', 'shopper'],
    ['the agent', 'a', 'agent'],
  ])('%s stops it with one word: writing ends before anything else is done', (_, socket, side) => {
    ask();
    answer(true);
    now += 150_000;
    const effects = feed({ type: 'recording-stopped', socket });
    expect(effects[0]).toEqual({ type: 'recording.stop', id: 'r1', at: now });
    expect(entries(effects)).toMatchObject([
      { type: 'recording-stopped', by: { side }, recording: 'r1', seconds: 151, outcome: 'stopped' },
    ]);
    expect(viewOf(state).recording).toEqual({ status: 'off' });
    expect(state.call?.status).toBe('active');
    expect(entries(feed({ type: 'recording-stopped', socket }))).toEqual([]);
  });

  it('a colleague who is not in the call cannot stop it', () => {
    ask();
    answer(true);
    expect(refusals(feed({ type: 'recording-stopped', socket: 'l' }))).toEqual(['not-yours']);
    expect(viewOf(state).recording.status).toBe('on');
  });

  it('ends with the call, whoever ends that; an open question ends with it as well, without a word', () => {
    ask();
    answer(true);
    const effects = feed({ type: 'call-hung-up', socket: 's', id: 'call' });
    expect(kinds(effects).indexOf('recording.stop')).toBeLessThan(kinds(effects).indexOf('media.close'));
    expect(entries(effects)).toMatchObject([
      { type: 'recording-stopped', outcome: 'call-ended' },
      { type: 'call-ended' },
    ]);
    feed({ type: 'call-proposed', socket: 'a', id: 'next', video: true, media: 'ready' });
    feed({ type: 'call-answered', socket: 's', id: 'next', yes: true });
    ask();
    expect(entries(feed({ type: 'closed', socket: 'a' })).map(({ type }) => type)).toEqual(['call-ended', 'closed']);
    expect(viewOf(state).recording).toEqual({ status: 'off' });
  });

  it('what cannot be written any more is said, and the call goes on; an older failure changes nothing', () => {
    ask();
    answer(true);
    expect(feed({ type: 'recording-failed', id: 'another', outcome: 'failed' })).toEqual([]);
    const effects = feed({ type: 'recording-failed', id: 'r1', outcome: 'failed' });
    expect(entries(effects)).toMatchObject([{ type: 'recording-stopped', by: null, outcome: 'failed' }]);
    expect(kinds(effects)).toContain('recording.stop');
    expect(viewOf(state).recording).toEqual({ status: 'off' });
    expect(state.call?.status).toBe('active');
  });

  it('goes on over page loads, and after a restart it is begun again as what it was', () => {
    ask();
    answer(true);
    const { since } = viewOf(state).recording as { since: number };
    feed({ type: 'left', socket: 's' });
    feed({ type: 'joined', presence: { ...shopper, socket: 's2' }, after: 0 });
    expect(viewOf(state).recording.status).toBe('on');
    const start = { type: 'recording.start', id: 'r1', since, of: CALL, had: CALL };
    expect(feed({ type: 'resumed' })).toContainEqual(start);
  });
});

describe('promise 14: the page is recorded with the same yes, and never more than the question said', () => {
  it('is of what goes on when it is asked: the page alone, without a call and without ffmpeg', () => {
    hangUp();
    look();
    ask('a', PAGE);
    expect(viewOf(state).recording).toMatchObject({ status: 'asked', of: PAGE });
    const effects = answer(true);
    expect(entries(effects)).toMatchObject([{ type: 'recording-started', of: PAGE }]);
    expect(effects).toContainEqual({ type: 'recording.start', id: 'r1', since: now, of: PAGE, had: PAGE });
  });

  it('is of both where both go on, and of the page alone where calls cannot be recorded', () => {
    look();
    ask('a', PAGE);
    expect(viewOf(state).recording).toMatchObject({ of: PAGE });
    feed({ type: 'recording-stopped', socket: 'a' });
    ask();
    expect(viewOf(state).recording).toMatchObject({ of: EVERYTHING });
  });

  it('what begins later is not recorded, nor what ended and begins again', () => {
    ask();
    answer(true);
    expect(kinds(look())).not.toContain('recording.start');
    expect(viewOf(state).recording).toMatchObject({ status: 'on', of: CALL });
    feed({ type: 'recording-stopped', socket: 's' });
    ask();
    answer(true);
    stopLooking();
    look();
    expect(viewOf(state).recording).toMatchObject({ status: 'on', of: CALL, had: EVERYTHING });
  });

  it('a part that ends is written no further, before it ends; the rest goes on, and with the last part it ends', () => {
    look();
    ask();
    answer(true);
    const ended = feed({ type: 'call-hung-up', socket: 's', id: 'call' });
    expect(ended[0]).toEqual({ type: 'recording.drop', part: 'call' });
    expect(viewOf(state).recording).toMatchObject({ status: 'on', of: PAGE });
    const effects = stopLooking();
    expect(kinds(effects).indexOf('recording.stop')).toBeLessThan(kinds(effects).indexOf('cobrowse.reset'));
    expect(entries(effects)).toMatchObject([
      { type: 'recording-stopped', outcome: 'page-ended', of: EVERYTHING },
      { type: 'cobrowse-stopped' },
    ]);
  });

  it('a question shrinks with what goes on, and is void without it: a yes is never for more than there was', () => {
    look();
    ask();
    stopLooking();
    look();
    expect(viewOf(state).recording).toMatchObject({ status: 'asked', of: CALL });
    hangUp();
    expect(viewOf(state).recording).toEqual({ status: 'off' });
    expect(answer(true)).toEqual([]);
  });

  it('goes on over tabs and page loads; a shopper who does not come back ends it, as a call would be', () => {
    hangUp();
    look();
    ask();
    answer(true);
    feed({ type: 'joined', presence: { ...shopper, socket: 's2', tab: 'other' }, after: 0 });
    feed({ type: 'cobrowse-tab-shown', socket: 's2' });
    feed({ type: 'left', socket: 's' });
    const gone = feed({ type: 'left', socket: 's2' });
    expect(gone).toContainEqual({ type: 'timer.set', name: 'recording-away', at: now + 60_000 });
    expect(viewOf(state).recording.status).toBe('on');
    const back = feed({ type: 'joined', presence: shopper, after: 0 });
    expect(back).toContainEqual({ type: 'timer.clear', name: 'recording-away' });
    expect(feed({ type: 'timer-fired', name: 'recording-away' })).toEqual([]);
    feed({ type: 'left', socket: 's' });
    // A restart of the server waits as long again.
    expect(feed({ type: 'resumed' })).toContainEqual({ type: 'timer.set', name: 'recording-away', at: now + 60_000 });
    const effects = feed({ type: 'timer-fired', name: 'recording-away' });
    expect(entries(effects)).toMatchObject([{ type: 'recording-stopped', by: null, outcome: 'page-ended' }]);
    expect(state.cobrowse.status).toBe('on');
  });

  it('one that is full says so, and the looking goes on', () => {
    hangUp();
    look();
    ask();
    answer(true);
    const effects = feed({ type: 'recording-failed', id: 'r1', outcome: 'full' });
    expect(entries(effects)).toMatchObject([{ type: 'recording-stopped', outcome: 'full' }]);
    expect(state.cobrowse.status).toBe('on');
  });

  it('ends with the conversation, and a record of before was of a call', () => {
    look();
    ask();
    answer(true);
    const types = entries(feed({ type: 'closed', socket: 'a' })).map(({ type }) => type);
    expect(types).toEqual(['call-ended', 'recording-stopped', 'cobrowse-stopped', 'closed']);
    const { steps, ...line } = recordOf(state);
    const old = { status: 'on', id: 'r0', by: { id: 'ana', name: 'Ana' }, since: 5 };
    const loaded = conversationFrom({ ...line, steps: { ...steps, recording: old }, preview: null, unread: 0 });
    expect(loaded.recording).toEqual({ ...old, of: CALL, had: CALL });
  });
});
