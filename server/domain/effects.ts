import type { Entry, EntryBody } from '../protocol/entry.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
import type { Refusal } from '../protocol/refusals.ts';
import type { RecordedParts } from '../protocol/views.ts';
import { appended, socketsOf, type Conversation } from './conversation.ts';

/** Timers of a conversation; each name has at most one. */
export type TimerName =
  'call-ring' | 'call-away' | 'call-guest-away' | 'call-invited' | 'recording-away' | 'hands-away' | 'hand-over';

/** What a decision wants done, in this order. The room performs it. */
export type Effect =
  /** Durable first; then the entries go to `sockets` (to `shoppers` among them as a shopper may know them), and `ack` to its sender. */
  | { type: 'append'; entries: Entry[]; sockets: string[]; shoppers: string[]; ack?: { socket: string; id: string } }
  /** Receipts or steps changed: the record is to be saved soon. */
  | { type: 'save' }
  | { type: 'send'; sockets: string[]; frame: ServerFrame }
  /** The whole view to everybody who follows, and the line to the agents' lists. */
  | { type: 'show' }
  /** Only the line of the agents' lists: those who follow have it from the entries. */
  | { type: 'list' }
  /** Entries after `after` to one socket. */
  | { type: 'replay'; socket: string; after: number }
  | { type: 'refuse'; socket: string; of: string; reason: Refusal; id?: string }
  | { type: 'timer.set'; name: TimerName; at: number }
  | { type: 'timer.clear'; name: TimerName }
  | { type: 'media.activate'; members: string[] }
  /** A member's transports are freed at once; it may join again while it is in the call. */
  | { type: 'media.leave'; member: string }
  /** A member may send nothing any more: it joins again, to receive only. */
  | { type: 'media.silence'; member: string }
  | { type: 'media.close' }
  /** What is in `of` is written into files from here on; `had`: what is or was in them. */
  | { type: 'recording.start'; id: string; since: number; of: RecordedParts; had: RecordedParts }
  /** Of this part not one packet more; the others go on. */
  | { type: 'recording.drop'; part: keyof RecordedParts }
  /** Of nothing one packet more. */
  | { type: 'recording.stop'; id: string; at: number }
  /** Co-browsing begins or ends: whatever was kept of the picture is void. */
  | { type: 'cobrowse.reset' }
  /** Another tab of the shopper's is looked at. */
  | { type: 'cobrowse.tab' }
  | { type: 'cobrowse.unwatch'; socket: string };

export type Decision = { state: Conversation; effects: Effect[] };

export function unchanged(state: Conversation): Decision {
  return { state, effects: [] };
}

export function refused(state: Conversation, socket: string, of: string, reason: Refusal, id?: string): Decision {
  return { state, effects: [{ type: 'refuse', socket, of, reason, ...(id ? { id } : {}) }] };
}

/** A state with new entries, and the effect that makes them durable and shows them to all who follow. */
export function append(
  state: Conversation,
  bodies: readonly EntryBody[],
  now: number,
  ack?: { socket: string; id: string },
): Decision {
  const next = appended(state, bodies, now);
  const entries = bodies.map((body, index) => ({ ...body, seq: state.lastSeq + 1 + index, at: next.lastAt }));
  return {
    state: next,
    effects: [
      {
        type: 'append',
        entries,
        sockets: socketsOf(next),
        shoppers: socketsOf(next, 'shopper'),
        ...(ack ? { ack } : {}),
      },
    ],
  };
}

/** One decision after another. */
export function followedBy(first: Decision, second: (state: Conversation) => Decision): Decision {
  const next = second(first.state);
  return { state: next.state, effects: [...first.effects, ...next.effects] };
}

/** The decision, and the agents' lists see the new line. */
export function listed(decision: Decision): Decision {
  return { state: decision.state, effects: [...decision.effects, { type: 'list' }] };
}

/** The decision, and everybody sees the new state. */
export function shown(decision: Decision): Decision {
  return { state: decision.state, effects: [...decision.effects, { type: 'show' }] };
}
