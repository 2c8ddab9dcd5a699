import type { ConversationSummary } from '../protocol/views.ts';
import type { QueueEvent, Units } from './queue.ts';

/** What the line has to know of a conversation. */
export type Glance = {
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
  readonly shopperHere: boolean;
  readonly lastAt: number;
};

/** Null: it is over, or a ticket, which waits in no line. */
export function glanceOf(summary: ConversationSummary, units: Units): Glance | null {
  if (summary.status === 'closed' || summary.status === 'ticket') return null;
  const { id, status, topic, waitingSince, estimateMs, unansweredSince, lastAt } = summary;
  const agent = summary.agent?.id ?? null;
  const loads = new Map(summary.inCall.map((guest) => [guest, units.call]));
  const own = summary.call ? units.call : summary.cobrowse === 'on' ? units.cobrowse : units.chat;
  if (agent !== null) loads.set(agent, own);
  const calls = summary.call !== null;
  const shopperHere = summary.shopper.online;
  return {
    id,
    status,
    topic,
    since: waitingSince,
    estimateMs,
    agent,
    loads,
    calls,
    unansweredSince,
    shopperHere,
    lastAt,
  };
}

/** What a change of a conversation means to the queue. `before` null: it was not there; `after` null: it is over. */
export function queueEvents(before: Glance | null, after: Glance | null): QueueEvent[] {
  const conversation = after?.id ?? before?.id ?? '';
  if (!after) return before ? [{ type: 'gone', conversation }, ...weighing(before, new Map())] : [];
  const { status, topic, since, agent } = after;
  const events: QueueEvent[] = [];
  if (status === 'waiting') {
    if (before?.status === 'active') events.push({ type: 'back', conversation, topic, since, by: before.agent });
    else if (!before) events.push({ type: 'arrived', conversation, topic });
    else if (before.topic !== topic) events.push({ type: 'topic-changed', conversation, topic });
  } else if (before?.status === 'waiting' && agent !== null) {
    events.push({ type: 'taken', conversation, agent });
  }
  return [...events, ...weighing(before, after.loads, conversation)];
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
