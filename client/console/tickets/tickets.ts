import type { ConversationSummary } from '../../../server/protocol/views.ts';
import { waitedFor } from '../ui/time-words.ts';
import { w } from '../words.ts';

export const TICKET_LISTS = ['mine', 'nobodys', 'all'] as const;
export type TicketList = (typeof TICKET_LISTS)[number];

/** From four hours before it is due on a ticket warms. */
const WARM_BEFORE_MS = 4 * 3_600_000;

/** Those of a list: what is due first, then what waits for shoppers; the order never depends on what arrives. */
export function ticketsOf(
  tickets: readonly ConversationSummary[],
  list: TicketList,
  you: string,
): ConversationSummary[] {
  const wanted = tickets.filter(({ agent }) => {
    if (list === 'mine') return agent?.id === you;
    return list === 'all' || agent === null;
  });
  return wanted.toSorted((a, b) => rank(a) - rank(b) || (a.ticket?.number ?? 0) - (b.ticket?.number ?? 0));
}

function rank({ ticket }: ConversationSummary): number {
  return ticket?.dueAt ?? (ticket?.state === 'pending' ? Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER - 1);
}

/** 0: there is time · 1: it is overdue. */
export function dueWarmth(dueAt: number | null, now: number): number {
  if (dueAt === null) return 0;
  return Math.min(1, Math.max(0, 1 - (dueAt - now) / WARM_BEFORE_MS));
}

/** When an answer is due, in a word; null: it is not our turn. */
export function dueWord(dueAt: number | null, now: number): string | null {
  if (dueAt === null) return null;
  const left = dueAt - now;
  if (left < 0) return w.ticket_late();
  const [days, hours] = [Math.floor(left / 86_400_000), Math.floor(left / 3_600_000)];
  if (days > 0) return w.ticket_due_in({ time: w.time_days({ days }) });
  return w.ticket_due_in({ time: hours > 0 ? w.time_whole_hours({ hours }) : waitedFor(left) });
}
