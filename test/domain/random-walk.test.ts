import { describe, expect, it } from 'vitest';
import {
  memberOf,
  newConversation,
  presenceOf,
  type Conversation,
  type Presence,
} from '../../server/domain/conversation.ts';
import { decide } from '../../server/domain/decide.ts';
import type { Effect, TimerName } from '../../server/domain/effects.ts';
import type { ConversationEvent } from '../../server/domain/events.ts';
import { summaryOf, viewOf } from '../../server/domain/view.ts';
import { shownTo, type Entry } from '../../server/protocol/entry.ts';
import { PEOPLE_IN_CALL_MAX } from '../../server/protocol/limits.ts';
import { conversationFrom, recordOf } from '../../server/rooms/record.ts';

const WALKS = 100;
const STEPS = 300;
/** Stands in whatever agents write for each other. */
const SECRET = 'never for the shopper';

/** Mulberry32: the same numbers for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const AGENTS = [
  { id: 'ana', name: 'Ana', role: 'agent' },
  { id: 'luis', name: 'Luis', role: 'agent' },
  { id: 'zoe', name: 'Zoe', role: 'supervisor' },
] as const;
const PEOPLE: readonly Presence[] = [
  { socket: 's1', side: 'shopper', tab: 't1' },
  { socket: 's2', side: 'shopper', tab: 't2' },
  { socket: 's3', side: 'shopper', tab: 'w', window: true },
  ...AGENTS.flatMap((agent, index) => [
    { socket: `a${index}`, side: 'agent' as const, tab: 'x', ...agent },
    { socket: `b${index}`, side: 'agent' as const, tab: 'y', ...agent },
  ]),
];
const TIMERS: readonly TimerName[] = [
  ...(['call-ring', 'call-away', 'call-guest-away', 'call-invited'] as const),
  ...(['recording-away', 'hands-away', 'hand-over'] as const),
];
const NUMBERS = { setUpMs: 1, firstFrameMs: 2, packetLoss: 0.1, freezes: 1, freezeMs: 5, path: 'udp' } as const;

/** Anything that may come, mostly of people who are there, also what makes no sense now. */
function anyEvent(state: Conversation, step: number, roll: () => number): ConversationEvent {
  const any = <T>(values: readonly T[]): T => values[Math.floor(roll() * values.length)] as T;
  const yes = roll() < 0.7;
  const { socket } = roll() < 0.9 && state.present.length > 0 ? any(state.present) : any(PEOPLE);
  /** Mostly whose turn it would be. */
  const of = (wanted: (presence: Presence) => boolean): string => {
    const fitting = state.present.filter(wanted);
    return fitting.length > 0 && roll() < 0.8 ? any(fitting).socket : socket;
  };
  const owner = of((presence) => presence.side === 'agent' && presence.id === state.agent?.id);
  const shopper = of(({ side }) => side === 'shopper');
  const id = state.call && roll() < 0.9 ? state.call.id : 'another';
  const { id: agent, name } = any(AGENTS);
  const colleague = roll() < 0.8 ? { id: agent, name } : null;
  const wish = { number: step, email: roll() < 0.5 ? 'eva@home.example' : null, name: null, dueAt: null };
  const members = PEOPLE.map((presence) => memberOf(presence));
  const anybody: readonly (() => ConversationEvent)[] = [
    () => ({ type: 'joined', presence: any(PEOPLE), after: 0, locale: 'es' }),
    () => ({ type: 'joined', presence: any(PEOPLE), after: 0 }),
    () => ({ type: 'message-sent', socket, id: `m${step}`, text: any(['hello', '']), known: null }),
    () => ({ type: 'note-written', socket, id: `n${step}`, text: SECRET, known: null }),
    () => ({ type: 'typed', socket, on: yes }),
    () => ({ type: 'receipt-given', socket, delivered: Math.floor(roll() * 1_000), read: Math.floor(roll() * 1_000) }),
    () => ({ type: 'page-shown', socket, page: { url: 'https://shop.example/', title: '' } }),
    () => ({ type: 'accepted', socket }),
    () => ({ type: 'accepted', socket }),
    () => ({ type: 'topic-changed', socket, topic: any([null, 'kitchen']) }),
    () => ({ type: 'estimated', estimateMs: 5 }),
    () => ({ type: 'placed', place: { ahead: 1, minutes: null, long: false } }),
    () => ({ type: 'rated', socket: shopper, rating: 3, comment: '' }),
  ];
  const steps: readonly (() => ConversationEvent)[] = [
    () => ({ type: 'call-proposed', socket, id: `c${step}`, video: yes, media: 'ready' }),
    () => ({ type: 'call-answered', socket, id, yes }),
    () => ({ type: 'call-answered', socket, id, yes }),
    () => ({ type: 'call-taken', socket, id, from: any(members) }),
    () => ({ type: 'call-invited', socket: owner, id, agent: colleague, as: any(['guest', 'owner'] as const) }),
    () => ({ type: 'call-uninvited', socket: owner, id, agent }),
    () => ({ type: 'call-invitation-declined', agent, id }),
    () => ({
      type: 'call-joined',
      socket,
      id,
      part: any(['talks', 'listens'] as const),
      as: any(['guest', 'owner'] as const),
    }),
    () => ({ type: 'call-left', socket, id }),
    () => ({ type: 'call-reported', socket, id, numbers: NUMBERS }),
    () => ({ type: 'screen-asked', socket, id }),
    () => ({ type: 'screen-refused', socket, id }),
    () => ({ type: 'sources-changed', member: any(members), sources: any([['screen'], ['camera', 'microphone'], []]) }),
    () => ({ type: 'recording-asked', socket: owner, available: { call: true, page: yes }, days: 30 }),
    () => ({ type: 'recording-answered', socket: shopper, yes, id: `r${step}` }),
    () => ({ type: 'recording-stopped', socket }),
    () => ({ type: 'cobrowse-asked', socket: owner }),
    () => ({ type: 'cobrowse-answered', socket: shopper, yes, channel: step }),
    () => ({ type: 'cobrowse-tab-shown', socket: shopper }),
    () => ({ type: 'cobrowse-watched', socket: owner }),
    () => ({ type: 'cobrowse-unwatched', socket }),
    () => ({ type: 'hands-asked', socket: owner }),
    () => ({ type: 'hands-answered', socket: shopper, yes }),
    () => ({ type: 'hands-acted', socket: shopper, agent: { id: agent, name }, did: 'clicked', what: 'x' }),
  ];
  const rare: readonly (() => ConversationEvent)[] = [
    () => ({ type: 'left', socket, leaving: yes }),
    () => ({ type: 'message-sent', socket, id: `m${step}`, text: 'later', ticket: wish, known: null }),
    () => ({ type: 'file-deleted', by: { side: 'agent', id: agent, name }, file: 'f' }),
    () => ({ type: 'ticket-wanted', socket: owner, wish }),
    () => ({ type: 'ticket-changed', socket, state: any(['open', 'pending', 'solved'] as const) }),
    () => ({ type: 'ticket-assigned', socket: owner, to: colleague }),
    () => ({ type: 'mail-received', messages: [{ id: `e${step}`, text: 'by mail' }], refused: null }),
    () => ({ type: 'ticket-due', dueAt: any([null, step]) }),
    () => ({ type: 'ticket-mailed', seq: step }),
    () => ({ type: 'mail-told', body: { type: 'mail-sent', what: 'answer', messages: 1 } }),
    () => ({ type: 'hand-over-offered', socket: owner, agent: colleague, note: any([null, SECRET]) }),
    () => ({ type: 'handed-on', socket: owner, topic: any([null, 'kitchen']), note: any([null, SECRET]) }),
    () => ({ type: 'hand-over-passed', agent }),
    () => ({ type: 'shopper-gone' }),
    () => ({ type: 'resumed' }),
    () => ({ type: 'closed', socket }),
    () => ({ type: 'agent-lost', agent, reason: any(['lost', 'silent'] as const) }),
    () => ({ type: 'call-hung-up', socket, id }),
    () => ({ type: 'cobrowse-stopped', socket }),
    () => ({ type: 'cobrowse-unreadable' }),
    () => ({ type: 'timer-fired', name: any(TIMERS) }),
    () => ({ type: 'hands-stopped', socket }),
    () => {
      const { recording } = state;
      return { type: 'recording-failed', id: recording.status === 'on' ? recording.id : 'none', outcome: 'full' };
    },
  ];
  const which = roll();
  return any(which < 0.4 ? anybody : which < 0.92 ? steps : rare)();
}

/** What of a state can never be, in words; empty: it is sound. */
function unsound(state: Conversation): string[] {
  const { status, ticket, agent, call, cobrowse, hands, recording, handOver, receipts, watching, present } = state;
  const active = call?.status === 'active' ? call : null;
  const claims: [boolean, string][] = [
    [
      status !== 'closed' || (!call && cobrowse.status === 'off' && recording.status === 'off'),
      'closed, and steps run',
    ],
    [status !== 'closed' || (hands.status === 'off' && !handOver), 'closed, and something is asked'],
    [status !== 'waiting' || (agent === null && ticket === null), 'waits, and is somebody’s'],
    [status !== 'active' || agent !== null, 'active, and nobody’s'],
    [(status === 'ticket') === (ticket !== null && status !== 'closed'), 'a ticket by half'],
    [!state.gone || !present.some(({ side }) => side === 'shopper'), 'gone for good, and here'],
    [!call || agent !== null, 'a call with nobody'],
    [cobrowse.status !== 'on' || cobrowse.agent.id === agent?.id, 'the page is looked at in another’s name'],
    [cobrowse.status !== 'asked' || cobrowse.by.id === agent?.id, 'the page is asked for in another’s name'],
    [hands.status === 'off' || cobrowse.status === 'on', 'hands without the page'],
    [hands.status !== 'on' || hands.agent.id === agent?.id, 'another’s hands'],
    [hands.status !== 'asked' || hands.by.id === agent?.id, 'another’s hands are asked for'],
    [recording.status === 'off' || !recording.of.call || active !== null, 'no call, and it is recorded'],
    [recording.status === 'off' || !recording.of.page || cobrowse.status === 'on', 'no page, and it is recorded'],
    [recording.status === 'off' || recording.of.call || recording.of.page, 'nothing is recorded'],
    [recording.status !== 'asked' || recording.by.id === agent?.id, 'a recording is asked for in another’s name'],
    [watching.length === 0 || cobrowse.status === 'on', 'somebody looks at nothing'],
    [watching.every((socket) => presenceOf(state, socket)?.side === 'agent'), 'who looks is not there'],
    [new Set(present.map(({ socket }) => socket)).size === present.length, 'somebody is there twice'],
    [receipts.shopper.read <= state.lastSeq && receipts.agent.delivered <= state.lastSeq, 'read before it was written'],
    [!active || active.members.length <= PEOPLE_IN_CALL_MAX, 'too many in a call'],
    [!active || new Set(active.members.map(({ member }) => member)).size === active.members.length, 'in a call twice'],
    [!active || active.members.some(({ side }) => side === 'shopper'), 'a call without the shopper'],
    [!active || active.members.some((member) => member.agent === agent?.id), 'a call without its agent'],
    [!active || active.screens.every((id) => active.members.some(({ member }) => member === id)), 'a screen of nobody'],
  ];
  return claims.flatMap(([holds, words]) => (holds ? [] : [words]));
}

/** Everything that an effect shows to the shopper's sockets, as text. */
function shownToShopper(effect: Effect): string {
  if (effect.type === 'append' && effect.shoppers.length > 0) return JSON.stringify(shownTo('shopper', effect.entries));
  const toShopper = effect.type === 'send' && effect.sockets.some((socket) => socket.startsWith('s'));
  return toShopper ? JSON.stringify(effect.frame) : '';
}

function walk(seed: number): { met: Set<string>; entries: Set<string> } {
  const roll = dice(seed);
  let state = newConversation({ id: 'c1', shop: 'shop', shopper: 'x' }, 0);
  const met = new Set<string>();
  const written = new Set<string>();
  const past: ConversationEvent[] = [];
  for (let step = 1, now = 0; step <= STEPS; step++, now += Math.floor(roll() * 20_000)) {
    const event = anyEvent(state, step, roll);
    past.push(event);
    const holds = (held: boolean, words: string): void => {
      if (!held) expect.fail(`${words}; seed ${seed}: ${JSON.stringify(past.slice(-8))}`);
    };
    const before = state;
    const { state: next, effects } = decide(state, event, now);
    state = next;
    for (const words of unsound(state)) holds(false, words);
    const entries: Entry[] = effects.flatMap((effect) => (effect.type === 'append' ? effect.entries : []));
    holds(
      entries.every(({ seq }, index) => seq === before.lastSeq + 1 + index),
      'a number was left out',
    );
    holds(state.lastSeq === before.lastSeq + entries.length, 'entries were counted wrong');
    holds(state.lastAt >= before.lastAt, 'time ran backwards');
    for (const effect of effects) {
      holds(!shownToShopper(effect).includes(SECRET), 'the shopper is shown a note');
      const sockets = effect.type === 'send' || effect.type === 'append' ? effect.sockets : [];
      holds(
        sockets.every((socket) => presenceOf(state, socket)),
        'somebody is told who is not there',
      );
    }
    holds(!JSON.stringify(viewOf(state)).includes(SECRET), 'the view has a note');
    summaryOf(state);
    for (const { type } of entries) written.add(type);
    met.add(
      `${state.status} ${state.call?.status} ${state.cobrowse.status} ${state.hands.status} ${state.recording.status}`,
    );
    // A closed one is over: the shopper begins another.
    if (state.status === 'closed' && !state.ticket && roll() < 0.2) {
      state = { ...newConversation({ id: 'c1', shop: 'shop', shopper: 'x' }, now), present: state.present };
    }
    // Now and then the process dies, and the conversation comes from storage.
    if (roll() < 0.01) {
      const line = { ...recordOf(state), preview: state.preview, unread: state.unread };
      state = conversationFrom(structuredClone(line));
      past.push({ type: 'resumed' });
      state = decide(state, { type: 'resumed' }, now).state;
      for (const words of unsound(state)) holds(false, `${words}, after a restart`);
    }
  }
  return { met, entries: written };
}

describe('promise 3: whatever happens, in whatever order', () => {
  it('nothing is decided that cannot be, no number is left out, and no shopper is shown what agents write for each other', () => {
    const met = new Set<string>();
    const entries = new Set<string>();
    for (let seed = 1; seed <= WALKS; seed++) {
      const walked = walk(seed);
      for (const state of walked.met) met.add(state);
      for (const type of walked.entries) entries.add(type);
    }
    // It was everywhere.
    for (const state of [/^active active on on/, /^active ringing/, /^ticket active .* on$/, /^closed/]) {
      expect([...met].some((each) => state.test(each))).toBe(true);
    }
    for (const type of [
      'handed-over',
      'returned',
      'hands-acted',
      'recording-stopped',
      'call-joined',
      'rated',
      'note',
    ]) {
      expect(entries).toContain(type);
    }
  });
});
