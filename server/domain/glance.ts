import type { ConversationSummary } from '../protocol/views.ts';
import type { Conversation } from './conversation.ts';
import type { QueueEvent, Units } from './queue.ts';

/** What the line has to know of a conversation beside what the agents' lists say. */
export type Standing = {
  /** It was with an agent already: what it waits says nothing about others. */
  readonly again: boolean;
  /** Its shopper is gone for good: it waits, and stands in no line. */
  readonly gone: boolean;
};

/** What the line has to know of a conversation. */
export type Glance = Standing & {
  readonly id: string;
  readonly status: 'waiting' | 'active';
  readonly topic: string | null;
  readonly since: number;
  readonly estimateMs: number | null;
  readonly agent: string | null;
  /** What it weighs on whom: its agent, and colleagues who are in its call. */
  readonly loads: ReadonlyMap<string, number>;
  readonly calls: boolean;
  readonly unansweredSince: number | null;
  /** Since when no tab of the shopper's is there, as far as is known; null: one is. */
  readonly awaySince: number | null;
};

export function standingOf({ facts, gone }: Conversation): Standing {
  return { again: facts.firstWaitMs !== null, gone };
}

/** Null: it is over, or a ticket with nothing on, which waits in no line. `before`: what it was; null: it was not known. */
export function glanceOf(
  summary: ConversationSummary,
  { again, gone }: Standing,
  { units, before, now }: { units: Units; before: Glance | null; now: number },
): Glance | null {
  // A ticket weighs on its agent by what is on with its shopper.
  const on = summary.call !== null || summary.cobrowse === 'on';
  if (summary.status === 'closed' || (summary.status === 'ticket' && !on)) return null;
  const { id, topic, waitingSince, estimateMs, unansweredSince, lastAt } = summary;
  const agent = summary.agent?.id ?? null;
  const loads = new Map(summary.inCall.map((guest) => [guest, units.call]));
  const own = summary.call ? units.call : summary.cobrowse === 'on' ? units.cobrowse : units.chat;
  if (agent !== null) loads.set(agent, own);
  const calls = summary.call !== null;
  const leftAt = before ? (before.awaySince ?? now) : lastAt;
  return {
    id,
    status: summary.status === 'waiting' ? 'waiting' : 'active',
    topic,
    since: waitingSince,
    estimateMs,
    agent,
    loads,
    calls,
    unansweredSince,
    again,
    gone,
    awaySince: summary.shopper.online ? null : leftAt,
  };
}

/**
 * What a change of a conversation means to the queue. `before` null: it was not there; `after` null: it is over. `estimate`,
 * in milliseconds: what the shopper was told of the wait; null: nothing; undefined: whatever is expected now.
 */
export function queueEvents(before: Glance | null, after: Glance | null, estimate?: number | null): QueueEvent[] {
  const conversation = after?.id ?? before?.id ?? '';
  if (!after) return before ? [{ type: 'gone', conversation }, ...weighing(before, new Map())] : [];
  return [...moving(before, after, estimate), ...weighing(before, after.loads, conversation)];
}

function moving(before: Glance | null, after: Glance, estimate?: number | null): QueueEvent[] {
  const { id: conversation, topic, since, agent, again } = after;
  const stood = before !== null && stands(before);
  if (stands(after)) {
    if (stood) return before.topic === topic ? [] : [{ type: 'topic-changed', conversation, topic }];
    if (again) return [{ type: 'back', conversation, topic, since, by: before?.agent ?? null }];
    return [{ type: 'arrived', conversation, topic, since, ...(estimate !== undefined && { estimate }) }];
  }
  if (before?.status === 'waiting' && agent !== null) return [{ type: 'taken', conversation, agent }];
  return stood ? [{ type: 'gone', conversation }] : [];
}

function stands({ status, gone }: Glance): boolean {
  return status === 'waiting' && !gone;
}

function weighing(
  before: Glance | null,
  loads: ReadonlyMap<string, number>,
  conversation = before?.id ?? '',
): QueueEvent[] {
  const lighter = [...(before?.loads.keys() ?? [])].filter((agent) => !loads.has(agent));
  const others = [...loads].filter(([agent, units]) => before?.loads.get(agent) !== units);
  const all: [string, number][] = [...lighter.map((agent): [string, number] => [agent, 0]), ...others];
  return all.map(([agent, units]) => ({ type: 'weighs', conversation, agent, units }));
}
