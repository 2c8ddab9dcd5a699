import type { Entry, MailPart, Step } from '../../../server/protocol/entry.ts';
import type { FileView } from '../../../server/protocol/file.ts';
import type { Product } from '../../../server/protocol/product.ts';
import type { Refusal } from '../../../server/protocol/refusals.ts';
import type { Receipt } from '../../../server/protocol/views.ts';
import type { PendingMessage } from '../../core/thread.ts';
import { keeperFrom, type Keeper } from './keeper.ts';

/** How far a message of the agents' side has come; null for the shopper's. */
export type Delivery = 'pending' | 'sent' | 'delivered' | 'read' | null;

export type MessageItem = {
  kind: 'message';
  key: string;
  side: 'shopper' | 'agent';
  /** The agent's name, where it is not the reader; null otherwise. */
  author: string | null;
  text: string;
  product: Product | null;
  file: FileView | 'deleted' | null;
  /** It came by mail; how many files came with it, which stay in the mailbox. */
  mail: MailPart | null;
  at: number;
  delivery: Delivery;
  /** Said below the bubble: only where it changes, so the thread stays quiet. */
  saysDelivery: boolean;
  refused: Refusal | null;
  /** Begins and ends a run of messages by the same person. */
  first: boolean;
  last: boolean;
};

/** What agents write for each other. */
export type NoteItem = {
  kind: 'note';
  key: string;
  /** Null: the reader. */
  author: string | null;
  text: string;
  at: number;
  /** By a supervisor, to whoever talks. */
  whisper: boolean;
  pending: boolean;
  refused: Refusal | null;
};

/** `keeper`: whose conversation it was then. */
export type StepItem = { kind: 'step'; key: string; entry: Step; keeper: Keeper | null };

export type TimelineItem = { kind: 'day'; key: string; at: number } | StepItem | NoteItem | MessageItem;

const RUN_MS = 5 * 60_000;

function deliveryOf(seq: number, reached: Receipt): Delivery {
  if (reached.read >= seq) return 'read';
  return reached.delivered >= seq ? 'delivered' : 'sent';
}

const dayOf = (at: number): string => new Date(at).toDateString();

/** Entries and pending messages as the thread shows them. `reached`: the shopper's receipt; `you`: the reader's agent id. */
export function timelineOf(
  entries: readonly Entry[],
  pending: readonly PendingMessage[],
  reached: Receipt,
  you: string,
): TimelineItem[] {
  const items: TimelineItem[] = [];
  const runs: string[] = [];
  let day = '';
  let keeper: Keeper | null = null;
  const dated = (at: number): void => {
    if (dayOf(at) === day) return;
    day = dayOf(at);
    items.push({ kind: 'day', key: `day ${day}`, at });
  };
  const say = (item: Omit<MessageItem, 'first' | 'last' | 'saysDelivery' | 'kind'>, run: string): void => {
    const before = items.at(-1);
    const joins = before?.kind === 'message' && runs.at(-1) === run && item.at - before.at < RUN_MS;
    if (joins) before.last = false;
    items.push({ ...item, kind: 'message', saysDelivery: false, first: !joins, last: true });
    runs.push(run);
  };
  const deleted = new Set(entries.flatMap((entry) => (entry.type === 'file-deleted' ? [entry.file] : [])));
  for (const entry of entries) {
    if (entry.type === 'hidden') continue;
    dated(entry.at);
    keeper = keeperFrom(entry, keeper);
    if (entry.type === 'note') {
      items.push(noteItem(entry, you));
      continue;
    }
    if (entry.type !== 'message') {
      items.push({ kind: 'step', key: `step ${entry.seq}`, entry, keeper });
      continue;
    }
    const { from, id: key, text, product = null, at } = entry;
    const file = entry.file && deleted.has(entry.file.id) ? 'deleted' : (entry.file ?? null);
    const { mail = null } = entry;
    const delivery = from.side === 'agent' ? deliveryOf(entry.seq, reached) : null;
    const author = from.side === 'agent' && from.id !== you ? from.name : null;
    say(
      { key, side: from.side, author, text, product, file, mail, at, delivery, refused: null },
      from.side === 'agent' ? from.id : '',
    );
  }
  for (const { id: key, text, product = null, file = null, note, at, refused } of pending) {
    if (note) {
      const own = { author: null, whisper: false, pending: refused === null };
      items.push({ kind: 'note', key, text, at, refused, ...own });
      continue;
    }
    say({ key, side: 'agent', author: null, text, product, file, mail: null, at, delivery: 'pending', refused }, you);
  }
  markDelivery(items);
  return items;
}

function noteItem({ id, by, text, at, whisper }: Extract<Entry, { type: 'note' }>, you: string): NoteItem {
  const author = by.id === you ? null : by.name;
  return {
    kind: 'note',
    key: id,
    author,
    text,
    at,
    whisper: Boolean(whisper && author),
    pending: false,
    refused: null,
  };
}

/** The last message of each state says it, and only where no later message has come further. */
function markDelivery(items: TimelineItem[]): void {
  let said: Delivery = null;
  for (const item of items.toReversed()) {
    if (item.kind !== 'message' || item.side !== 'agent' || item.refused) continue;
    if (said === 'read') return;
    if (item.delivery !== said) item.saysDelivery = true;
    said = item.delivery;
  }
}
