import type { ConversationSummary } from '../../../server/protocol/views.ts';

/** The agent's lists. Orders never depend on what arrives, so that nothing jumps under the hand. */
export type Sections = {
  waiting: ConversationSummary[];
  mine: ConversationSummary[];
  colleagues: ConversationSummary[];
  /** What goes on without anybody having to be there. */
  tickets: ConversationSummary[];
};

const byOpening = (a: ConversationSummary, b: ConversationSummary): number =>
  a.waitingSince - b.waitingSince || (a.id < b.id ? -1 : 1);

/** Who waits (longest first), who is mine, who is with a colleague; closed conversations are in none. */
export function sectionsOf(summaries: Iterable<ConversationSummary>, you: string): Sections {
  const sections: Sections = { waiting: [], mine: [], colleagues: [], tickets: [] };
  for (const summary of [...summaries].toSorted(byOpening)) {
    if (summary.status === 'waiting') sections.waiting.push(summary);
    else if (summary.status === 'ticket') sections.tickets.push(summary);
    else if (summary.status === 'active') {
      (summary.agent?.id === you ? sections.mine : sections.colleagues).push(summary);
    }
  }
  return sections;
}

/** The conversation `steps` lines away from the selected one, as the lists show them; stops at the ends. */
export function neighbour(order: readonly string[], selected: string | null, steps: 1 | -1): string | null {
  const at = selected === null ? -1 : order.indexOf(selected);
  if (at === -1) return (steps === 1 ? order[0] : order.at(-1)) ?? null;
  return order[Math.min(order.length - 1, Math.max(0, at + steps))] ?? null;
}

const WARM_AFTER_MS = 180_000;

/** How warm a waiting line is: 0 just now, 1 from three minutes on; most of the change comes early. */
export function warmth(waitedMs: number): number {
  const share = Math.min(1, Math.max(0, waitedMs / WARM_AFTER_MS));
  return 1 - (1 - share) ** 2;
}

/** What the tab's title counts: who waits, and what shoppers wrote that was not read. */
export function attention({ waiting, mine }: Pick<Sections, 'waiting' | 'mine'>): number {
  return waiting.length + mine.reduce((sum, summary) => sum + summary.unread, 0);
}
