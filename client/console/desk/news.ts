import type { ConversationSummary } from '../../../server/protocol/views.ts';

/** What a change of a conversation means to an agent who may be looking elsewhere. */
export type News =
  /** Somebody waits, in the line or handed over by a colleague. */
  | { kind: 'waits' }
  /** The shopper wrote to me. */
  | { kind: 'wrote' }
  /** The colleague whom I asked to take over stays silent or says no. */
  | { kind: 'stays'; name: string };

/** `before` null: it was not known. `you`: the agent's id. */
export function newsOf(before: ConversationSummary | null, now: ConversationSummary, you: string): News[] {
  const news: News[] = [];
  const asked = before?.handOver;
  if (asked?.by.id === you && !now.handOver && now.agent?.id === you && now.status === 'active') {
    news.push({ kind: 'stays', name: asked.to.name });
  }
  if (waitsNewly(before, now) || (before?.handOver === null && now.handOver?.to.id === you)) {
    news.push({ kind: 'waits' });
  } else if (now.agent?.id === you && now.unread > (before?.unread ?? 0)) {
    news.push({ kind: 'wrote' });
  }
  return news;
}

export function waitsNewly(before: ConversationSummary | null, now: ConversationSummary): boolean {
  return now.status === 'waiting' && before?.status !== 'waiting';
}
