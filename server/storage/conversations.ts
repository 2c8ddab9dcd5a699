import { sql } from 'kysely';
import { idOfEntry, type Entry, type EntryBody } from '../protocol/entry.ts';
import { foldedWords } from '../protocol/folded-text.ts';
import type { Preview } from '../protocol/views.ts';
import { allRows, firstRow, type Executor } from './executor.ts';
import { sendFileOver } from './files.ts';
import { excluded, pick, prepare } from './prepared.ts';
import { indexOver, searchText } from './search.ts';
import type { ConversationLine, ConversationRecord, Storage, TicketRecord } from './storage.ts';
import type { Queries, Tables } from './tables.ts';

type ConversationRow = Omit<Tables['conversations'], 'facts'>;
type EntryRow = Tables['entries'];

/** Longest preview, in UTF-16 code units: what a line of a list can show. */
const PREVIEW_MAX = 120;

export function conversationsOver(
  executor: Executor,
  queries: Queries,
): Pick<
  Storage,
  | 'append'
  | 'conversation'
  | 'latestConversation'
  | 'conversationsOfShopper'
  | 'openConversations'
  | 'waits'
  | 'entriesAfter'
  | 'messageIds'
  | 'lastTicketNumber'
> {
  const replaced = [
    ...(['shop', 'shopper', 'status', 'agent_id', 'agent_name', 'opened_at', 'last_at', 'last_seq'] as const),
    ...(['shopper_delivered', 'shopper_read', 'agent_delivered', 'agent_read', 'steps'] as const),
    ...FACTS,
    ...TICKET,
    ...(['rating', 'rating_comment'] as const),
  ];
  // Runs before the new entries are there: the insert brings their count, and the earlier ones are counted again
  // only where the agent's receipt moved, from that receipt on.
  const earlierUnread = sql<number>`case
    when conversations.agent_read = excluded.agent_read then conversations.unread
    else (select count(*) from entries
      where entries.conversation = excluded.id and entries.seq > excluded.agent_read and entries.side = 'shopper')
    end`;
  const save = prepare((row: ConversationRow) =>
    queries
      .insertInto('conversations')
      .values(pick(row, ['id', ...replaced, 'preview', 'unread']))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({
          ...excluded(replaced),
          preview: sql<string | null>`coalesce(excluded.preview, conversations.preview)`,
          unread: sql<number>`excluded.unread + ${earlierUnread}`,
        }),
      ),
  );
  const insertEntry = prepare((row: EntryRow) =>
    queries
      .insertInto('entries')
      .values(pick(row, ['conversation', 'seq', 'at', 'type', 'side', 'message_id', 'body'])),
  );

  const index = indexOver(queries);
  const sendFile = sendFileOver(queries);

  const byId = prepare((wanted: { id: string }) =>
    queries.selectFrom('conversations').selectAll().where('id', '=', wanted.id),
  );
  const ofShopper = prepare((wanted: { shop: string; shopper: string; limit: number }) =>
    queries
      .selectFrom('conversations')
      .selectAll()
      .where('shop', '=', wanted.shop)
      .where('shopper', '=', wanted.shopper)
      .orderBy('opened_at', 'desc')
      .orderBy('last_at', 'desc')
      .limit(wanted.limit),
  );
  const open = prepare((wanted: { shop: string }) =>
    queries
      .selectFrom('conversations')
      .selectAll()
      .where('shop', '=', wanted.shop)
      // Literal, so that the engine sees that the partial index fits.
      .where('status', '<>', sql.lit('closed'))
      .orderBy('opened_at')
      .orderBy('id'),
  );
  const waits = prepare((wanted: { shop: string; from: number; limit: number }) =>
    queries
      .selectFrom('conversations')
      .select(['topic', 'opened_at', 'waiting_since', 'first_wait_ms', 'estimate_ms'])
      .where('shop', '=', wanted.shop)
      .where('opened_at', '>=', wanted.from)
      .where('first_wait_ms', 'is not', null)
      .orderBy('opened_at', 'desc')
      .orderBy('id')
      .limit(wanted.limit)
      .$narrowType<{ first_wait_ms: number }>(),
  );
  const lastTicket = prepare((wanted: { shop: string }) =>
    queries
      .selectFrom('conversations')
      .select('ticket_number')
      .where('shop', '=', wanted.shop)
      .where('ticket_number', 'is not', null)
      .orderBy('ticket_number', 'desc')
      .limit(1),
  );
  const after = prepare((wanted: { conversation: string; seq: number; limit: number }) =>
    queries
      .selectFrom('entries')
      .select(['seq', 'at', 'body'])
      .where('conversation', '=', wanted.conversation)
      .where('seq', '>', wanted.seq)
      .orderBy('seq')
      .limit(wanted.limit),
  );
  const messages = prepare((wanted: { conversation: string }) =>
    queries
      .selectFrom('entries')
      .select(['message_id as id', 'seq', 'at'])
      .where('conversation', '=', wanted.conversation)
      .where('message_id', 'is not', null)
      .orderBy('seq')
      .$narrowType<{ id: string }>(),
  );

  return {
    async append(record, entries) {
      const { id, shop } = record;
      const inserted = entries.map((entry) => insertEntry(entryRow(id, entry)));
      const indexed = entries.flatMap((entry) => {
        const text = searchText(entry);
        return text ? [index({ shop, conversation: id, seq: entry.seq, words: foldedWords(text) })] : [];
      });
      const sent = entries.flatMap((entry) =>
        entry.type === 'message' && entry.file
          ? [sendFile({ id: entry.file.id, conversation: id, seq: entry.seq })]
          : [],
      );
      await executor.run([save(conversationRow(record, entries)), ...inserted, ...indexed, ...sent]);
    },
    async conversation(id) {
      const row = await firstRow(executor, byId({ id }));
      return row && lineOf(row);
    },
    async latestConversation(shop, shopper) {
      const row = await firstRow(executor, ofShopper({ shop, shopper, limit: 1 }));
      return row && lineOf(row);
    },
    async conversationsOfShopper(shop, shopper, limit) {
      const rows = await allRows(executor, ofShopper({ shop, shopper, limit }));
      return rows.map(lineOf);
    },
    async openConversations(shop) {
      const rows = await allRows(executor, open({ shop }));
      return rows.map(lineOf);
    },
    async waits(shop, from, limit) {
      const rows = await allRows(executor, waits({ shop, from, limit }));
      return rows.map(({ topic, opened_at: opened, waiting_since: since, first_wait_ms: waitedMs, estimate_ms }) => ({
        topic,
        since: since ?? opened,
        waitedMs,
        estimateMs: estimate_ms,
      }));
    },
    async entriesAfter(conversation, seq, limit) {
      const rows = await allRows(executor, after({ conversation, seq, limit }));
      return rows.map(entryOf);
    },
    async lastTicketNumber(shop) {
      const row = await firstRow(executor, lastTicket({ shop }));
      return row?.ticket_number ?? 0;
    },
    messageIds: (conversation) => allRows(executor, messages({ conversation })),
  };
}

const TICKET = [
  ...(['ticket_number', 'ticket_state', 'ticket_since', 'ticket_email'] as const),
  ...(['ticket_name', 'ticket_locale', 'ticket_due', 'ticket_mailed'] as const),
];

/** What reports count, and what the line knows. */
const FACTS = [
  ...(['topic', 'waiting_since', 'first_wait_ms', 'estimate_ms', 'first_answer_ms'] as const),
  ...(['closed_at', 'missed', 'calls', 'call_seconds', 'cobrowses'] as const),
];

function conversationRow(record: ConversationRecord, entries: readonly Entry[]): ConversationRow {
  const messages = entries.filter((entry) => entry.type === 'message');
  const last = messages.at(-1);
  const { shopper, agent } = record.receipts;
  const { facts } = record;
  return {
    id: record.id,
    shop: record.shop,
    shopper: record.shopper,
    status: record.status,
    agent_id: record.agent?.id ?? null,
    agent_name: record.agent?.name ?? null,
    opened_at: record.openedAt,
    last_at: record.lastAt,
    last_seq: record.lastSeq,
    shopper_delivered: shopper.delivered,
    shopper_read: shopper.read,
    agent_delivered: agent.delivered,
    agent_read: agent.read,
    steps: JSON.stringify(record.steps),
    preview: last ? JSON.stringify(previewOf(last)) : null,
    ...ticketColumns(record.ticket),
    rating: record.rating?.value ?? null,
    rating_comment: record.rating?.comment ?? null,
    unread: messages.filter(({ from, seq }) => from.side === 'shopper' && seq > agent.read).length,
    topic: record.topic,
    waiting_since: record.waitingSince,
    first_wait_ms: facts.firstWaitMs,
    estimate_ms: record.estimateMs,
    first_answer_ms: facts.firstAnswerMs,
    closed_at: facts.closedAt,
    missed: facts.missed ? 1 : 0,
    calls: facts.calls,
    call_seconds: facts.callSeconds,
    cobrowses: facts.cobrowses,
  };
}

function ticketColumns(ticket: TicketRecord | null): Pick<ConversationRow, (typeof TICKET)[number]> {
  return {
    ticket_number: ticket?.number ?? null,
    ticket_state: ticket?.state ?? null,
    ticket_since: ticket?.since ?? null,
    ticket_email: ticket?.email ?? null,
    ticket_name: ticket?.name ?? null,
    ticket_locale: ticket?.locale ?? null,
    ticket_due: ticket?.dueAt ?? null,
    ticket_mailed: ticket?.mailedSeq ?? null,
  };
}

function ticketOf(row: ConversationRow): TicketRecord | null {
  if (row.ticket_number === null) return null;
  return {
    number: row.ticket_number,
    state: row.ticket_state ?? 'open',
    since: row.ticket_since ?? row.opened_at,
    email: row.ticket_email,
    name: row.ticket_name,
    locale: row.ticket_locale,
    dueAt: row.ticket_due,
    mailedSeq: row.ticket_mailed ?? 0,
  };
}

function entryRow(conversation: string, { seq, at, ...body }: Entry): EntryRow {
  const side = body.type === 'message' ? body.from.side : null;
  return {
    conversation,
    seq,
    at,
    type: body.type,
    side,
    message_id: idOfEntry(body),
    body: JSON.stringify(body),
  };
}

function entryOf({ seq, at, body }: Pick<EntryRow, 'seq' | 'at' | 'body'>): Entry {
  const said: EntryBody = JSON.parse(body);
  return { ...said, seq, at };
}

function lineOf(row: ConversationRow): ConversationLine {
  return {
    id: row.id,
    shop: row.shop,
    shopper: row.shopper,
    status: row.status,
    agent: row.agent_id === null ? null : { id: row.agent_id, name: row.agent_name ?? '' },
    openedAt: row.opened_at,
    lastAt: row.last_at,
    lastSeq: row.last_seq,
    receipts: {
      shopper: { delivered: row.shopper_delivered, read: row.shopper_read },
      agent: { delivered: row.agent_delivered, read: row.agent_read },
    },
    topic: row.topic,
    waitingSince: row.waiting_since ?? row.opened_at,
    estimateMs: row.estimate_ms,
    facts: {
      firstWaitMs: row.first_wait_ms,
      firstAnswerMs: row.first_answer_ms,
      closedAt: row.closed_at,
      missed: row.missed === 1,
      calls: row.calls,
      callSeconds: row.call_seconds,
      cobrowses: row.cobrowses,
    },
    ticket: ticketOf(row),
    rating: row.rating === null ? null : { value: row.rating, comment: row.rating_comment },
    steps: JSON.parse(row.steps),
    preview: row.preview === null ? null : JSON.parse(row.preview),
    unread: row.unread,
  };
}

function previewOf({ from, text, file }: Extract<EntryBody, { type: 'message' }>): Preview {
  return { side: from.side, text: beginning(text), ...(file && { file: file.name }) };
}

/** Never ends in half an emoji. */
function beginning(text: string): string {
  return text.length <= PREVIEW_MAX ? text : text.slice(0, PREVIEW_MAX).replace(/[\uD800-\uDBFF]$/, '');
}
