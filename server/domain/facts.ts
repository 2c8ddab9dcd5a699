import type { EntryBody } from '../protocol/entry.ts';

/** What reports count of a conversation, kept as it happens so that no report has to read histories. */
export type Facts = {
  /** From the beginning to the first agent who took it, in milliseconds; null: nobody has. */
  readonly firstWaitMs: number | null;
  /** From the beginning to the first word of an agent's, written or spoken. */
  readonly firstAnswerMs: number | null;
  readonly closedAt: number | null;
  /** It ended, or the shopper is gone for good, before anybody came. */
  readonly missed: boolean;
  readonly calls: number;
  readonly callSeconds: number;
  readonly cobrowses: number;
};

export const NO_FACTS: Facts = {
  firstWaitMs: null,
  firstAnswerMs: null,
  closedAt: null,
  missed: false,
  calls: 0,
  callSeconds: 0,
  cobrowses: 0,
};

type Begun = { openedAt: number; waitingSince: number };

export function factsAfter(facts: Facts, body: EntryBody, { openedAt, waitingSince }: Begun, at: number): Facts {
  const firstAnswerMs = facts.firstAnswerMs ?? Math.max(0, at - openedAt);
  switch (body.type) {
    case 'message':
      return body.from.side === 'agent' ? { ...facts, firstAnswerMs } : facts;
    case 'accepted':
      return { ...facts, firstWaitMs: facts.firstWaitMs ?? Math.max(0, at - waitingSince), missed: false };
    case 'closed':
      return { ...facts, closedAt: at, missed: facts.firstWaitMs === null };
    case 'ticket-changed':
      return { ...facts, closedAt: body.state === 'solved' ? at : null };
    case 'call-started':
      return { ...facts, firstAnswerMs, calls: facts.calls + 1 };
    case 'call-ended':
      return { ...facts, callSeconds: facts.callSeconds + body.seconds };
    case 'cobrowse-started':
      return { ...facts, cobrowses: facts.cobrowses + 1 };
    default:
      return facts;
  }
}

/** Since when a shopper's words wait for an answer of the agent whose conversation it is; null: they do not. */
export function unansweredAfter(since: number | null, body: EntryBody, at: number): number | null {
  switch (body.type) {
    case 'message':
      return body.from.side === 'agent' ? null : (since ?? at);
    // Whoever has just taken it is not to blame for what was before.
    case 'accepted':
    case 'handed-over':
    case 'ticket-owner':
      return since === null ? null : at;
    case 'call-started':
    case 'closed':
      return null;
    case 'ticket-changed':
      return body.state === 'solved' ? null : since;
    default:
      return since;
  }
}
