import type { Entry, Person, Side, Step } from '../../server/protocol/entry.ts';
import type { FileView } from '../../server/protocol/file.ts';
import type { Product } from '../../server/protocol/product.ts';
import type { Refusal } from '../../server/protocol/refusals.ts';
import type { Receipt } from '../../server/protocol/views.ts';
import type { PendingMessage } from '../../client/core/thread.ts';

export type MessageState = 'pending' | 'refused' | 'sent' | 'delivered' | 'read';

export type Bubble = {
  id: string;
  text: string;
  product?: Product | undefined;
  /** `null`: an agent has deleted it. */
  file?: FileView | null | undefined;
  state: MessageState;
  reason: Refusal | null;
};
export type Note = Exclude<Step, { type: 'file-deleted' }>;

/** What the thread shows, from top to bottom. */
export type Row =
  | { kind: 'day'; key: string; at: number }
  | { kind: 'note'; key: string; note: Note }
  /** Messages of one person that belong together; `at` is the last one's time. */
  | { kind: 'bubbles'; key: string; from: Person; at: number; bubbles: Bubble[] };

const TOGETHER_MS = 5 * 60_000;

/** @param receipts how far the agent's side has got: it makes the ticks of the shopper's own messages */
export function rowsOf(entries: readonly Entry[], pending: readonly PendingMessage[], receipts: Receipt): Row[] {
  const rows: Row[] = [];
  let day = '';
  const begin = (at: number): void => {
    const date = new Date(at).toDateString();
    if (date !== day) rows.push({ kind: 'day', key: `day-${date}`, at });
    day = date;
  };
  const add = (from: Person, at: number, bubble: Bubble): void => {
    begin(at);
    const last = rows.at(-1);
    if (last?.kind === 'bubbles' && samePerson(last.from, from) && at - last.at < TOGETHER_MS) {
      last.bubbles.push(bubble);
      last.at = at;
    } else {
      rows.push({ kind: 'bubbles', key: bubble.id, from, at, bubbles: [bubble] });
    }
  };
  const deleted = new Set(entries.flatMap((entry) => (entry.type === 'file-deleted' ? [entry.file] : [])));
  for (const entry of entries) {
    if (entry.type === 'file-deleted') continue;
    if (entry.type === 'message') {
      const { id, text, product, from, at, seq } = entry;
      const file = entry.file && deleted.has(entry.file.id) ? null : entry.file;
      add(from, at, { id, text, product, file, state: stateOf(seq, receipts), reason: null });
    } else if (entry.type !== 'hidden' && entry.type !== 'note') {
      begin(entry.at);
      rows.push({ kind: 'note', key: `note-${entry.seq}`, note: entry });
    }
  }
  for (const { id, text, file, at, refused } of pending) {
    add({ side: 'shopper' }, at, { id, text, file, state: refused ? 'refused' : 'pending', reason: refused });
  }
  return rows;
}

/** How many messages of the other side come after what this side has read. */
export function unreadOf(entries: readonly Entry[], own: Side, read: number): number {
  return entries.filter((entry) => entry.type === 'message' && entry.from.side !== own && entry.seq > read).length;
}

function stateOf(seq: number, receipts: Receipt): MessageState {
  if (seq <= receipts.read) return 'read';
  return seq <= receipts.delivered ? 'delivered' : 'sent';
}

function samePerson(one: Person, other: Person): boolean {
  if (one.side === 'agent' && other.side === 'agent') return one.id === other.id;
  return one.side === other.side;
}
