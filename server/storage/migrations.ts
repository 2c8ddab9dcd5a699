import { sql, type Compilable, type RawBuilder, type SchemaModule } from 'kysely';

export type Engine = 'sqlite' | 'postgres';

/** One step of the schema, in words that every engine understands; in an engine's own where there are no others. */
export type Migration = {
  name: string;
  statements(schema: SchemaModule, engine: Engine): (Compilable | RawBuilder<unknown>)[];
};

/**
 * What reports count, a tab between two: the time it was opened, topic, agent, first wait, estimate, first answer, the time it
 * was closed, and the counts; empty where there is nothing, and where a count is 0.
 */
const FACTS_TEXT = sql.join(
  [
    ...'opened_at topic agent_id first_wait_ms estimate_ms first_answer_ms closed_at'.split(' '),
    ...'missed calls call_seconds cobrowses rating'.split(' ').map((count) => `nullif(${count}, 0)`),
  ].map((value) => sql.raw(`coalesce(cast(${value} as text), '')`)),
  sql.raw(` || '\t' || `),
);

/**
 * Append-only: what stands here has run on somebody's data. The schema's version is the place in this list, from 1.
 * `bigint` because Postgres's `integer` ends at 32 bits.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'shops, team, conversations, settings',
    statements: (schema) => [
      schema
        .createTable('shops')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('key', 'text', (column) => column.notNull().unique())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('accent', 'text', (column) => column.notNull())
        .addColumn('greeting', 'text')
        .addColumn('origins', 'text', (column) => column.notNull()),
      schema
        .createTable('agents')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('email', 'text', (column) => column.notNull())
        .addColumn('email_key', 'text', (column) => column.notNull().unique())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('password_hash', 'text', (column) => column.notNull()),
      schema
        .createTable('agent_sessions')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('agent', 'text', (column) => column.notNull().references('agents.id'))
        .addColumn('expires_at', 'bigint', (column) => column.notNull()),
      schema
        .createTable('conversations')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('shopper', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('agent_id', 'text')
        .addColumn('agent_name', 'text')
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('last_at', 'bigint', (column) => column.notNull())
        .addColumn('last_seq', 'bigint', (column) => column.notNull())
        .addColumn('shopper_delivered', 'bigint', (column) => column.notNull())
        .addColumn('shopper_read', 'bigint', (column) => column.notNull())
        .addColumn('agent_delivered', 'bigint', (column) => column.notNull())
        .addColumn('agent_read', 'bigint', (column) => column.notNull())
        .addColumn('steps', 'text', (column) => column.notNull())
        .addColumn('preview', 'text')
        .addColumn('unread', 'bigint', (column) => column.notNull()),
      schema.createIndex('conversations_of_shopper').on('conversations').columns(['shop', 'shopper', 'opened_at']),
      schema
        .createIndex('conversations_open')
        .on('conversations')
        .columns(['shop', 'opened_at'])
        .where(sql.ref('status'), '<>', 'closed'),
      schema
        .createTable('entries')
        .addColumn('conversation', 'text', (column) => column.notNull().references('conversations.id'))
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('side', 'text')
        .addColumn('message_id', 'text')
        .addColumn('body', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('entries_numbered', ['conversation', 'seq'])
        .addUniqueConstraint('entries_message_once', ['conversation', 'message_id']),
      schema
        .createTable('settings')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('value', 'text', (column) => column.notNull()),
    ],
  },
  {
    name: 'recordings',
    statements: (schema) => [
      schema
        .createTable('recordings')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('conversation', 'text', (column) => column.notNull().references('conversations.id'))
        .addColumn('shop', 'text', (column) => column.notNull())
        .addColumn('shopper', 'text', (column) => column.notNull())
        .addColumn('started_at', 'bigint', (column) => column.notNull())
        .addColumn('ended_at', 'bigint')
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('contents', 'text'),
      schema.createIndex('recordings_of_conversation').on('recordings').columns(['conversation', 'started_at']),
      schema.createIndex('recordings_of_shopper').on('recordings').columns(['shop', 'shopper', 'started_at']),
    ],
  },
  {
    name: 'settings of a shop, its team, who changed what',
    statements: (schema) => [
      schema.alterTable('agents').addColumn('topics', 'text'),
      schema.alterTable('agents').addColumn('capacity', 'bigint'),
      schema.alterTable('agents').addColumn('active', 'bigint', (column) => column.notNull().defaultTo(1)),
      schema
        .createTable('shop_settings')
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('section', 'text', (column) => column.notNull())
        .addColumn('version', 'bigint', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('change', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('shop_settings_once', ['shop', 'section']),
      schema
        .createTable('audit')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('agent_id', 'text', (column) => column.notNull())
        .addColumn('agent_name', 'text', (column) => column.notNull())
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('before', 'text', (column) => column.notNull())
        .addColumn('after', 'text', (column) => column.notNull()),
      schema.createIndex('audit_of_shop').on('audit').columns(['shop', 'at']),
    ],
  },
  {
    name: 'search',
    statements: (schema, engine) => [
      schema
        .createTable('message_search')
        .addColumn('id', engine === 'sqlite' ? 'integer' : 'bigserial', (column) => column.primaryKey())
        .addColumn('shop', 'text', (column) => column.notNull())
        .addColumn('conversation', 'text', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('words', 'text', (column) => column.notNull()),
      schema.createIndex('message_search_of_conversation').on('message_search').column('conversation'),
      ...(engine === 'sqlite'
        ? [
            sql`create virtual table message_words using fts5(words, content='message_search', content_rowid='id')`,
            sql`create trigger message_search_added after insert on message_search begin
              insert into message_words(rowid, words) values (new.id, new.words); end`,
            sql`create trigger message_search_removed after delete on message_search begin
              insert into message_words(message_words, rowid, words) values ('delete', old.id, old.words); end`,
          ]
        : [sql`create index message_search_words on message_search using gin (to_tsvector('simple', words))`]),
    ],
  },
  {
    name: 'mails',
    statements: (schema) => [
      schema
        .createTable('mails')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('shop', 'text', (column) => column.notNull())
        .addColumn('conversation', 'text', (column) => column.notNull().references('conversations.id'))
        .addColumn('recipient', 'text', (column) => column.notNull())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('references', 'text', (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('attempts', 'bigint', (column) => column.notNull())
        .addColumn('next_at', 'bigint')
        .addColumn('sent_at', 'bigint')
        .addColumn('error', 'text'),
      schema.createIndex('mails_of_conversation').on('mails').columns(['conversation', 'created_at']),
      schema.createIndex('mails_due').on('mails').column('next_at').where(sql.ref('next_at'), 'is not', null),
    ],
  },
  {
    name: 'topic, waits and other facts of conversations',
    statements: (schema) => [
      schema.alterTable('conversations').addColumn('topic', 'text'),
      ...['waiting_since', 'first_wait_ms', 'estimate_ms', 'first_answer_ms', 'closed_at'].map((name) =>
        schema.alterTable('conversations').addColumn(name, 'bigint'),
      ),
      ...['missed', 'calls', 'call_seconds', 'cobrowses'].map((name) =>
        schema.alterTable('conversations').addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0)),
      ),
      schema.createIndex('conversations_of_shop').on('conversations').columns(['shop', 'opened_at']),
    ],
  },
  {
    name: 'files',
    statements: (schema) => [
      schema
        .createTable('files')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('shopper', 'text', (column) => column.notNull())
        .addColumn('conversation', 'text', (column) => column.references('conversations.id'))
        .addColumn('uploader', 'text')
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('type', 'text', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('width', 'bigint')
        .addColumn('height', 'bigint')
        .addColumn('sha256', 'text')
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('seq', 'bigint')
        .addColumn('expires_at', 'bigint')
        .addColumn('deleted_at', 'bigint'),
      schema.createIndex('files_of_conversation').on('files').columns(['conversation', 'seq']),
      schema.createIndex('files_of_shopper').on('files').columns(['shop', 'shopper', 'created_at']),
      schema.createIndex('files_unsent').on('files').columns(['created_at']).where(sql.ref('seq'), 'is', null),
    ],
  },
  {
    name: 'often asked, how it was',
    statements: (schema) => [
      schema.alterTable('conversations').addColumn('rating', 'bigint'),
      schema.alterTable('conversations').addColumn('rating_comment', 'text'),
      schema
        .createTable('faq_articles')
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('topic', 'text')
        .addColumn('locale', 'text', (column) => column.notNull())
        .addColumn('title', 'text', (column) => column.notNull())
        .addColumn('body', 'text', (column) => column.notNull())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addColumn('published', 'bigint', (column) => column.notNull())
        .addColumn('helped', 'bigint', (column) => column.notNull())
        .addColumn('not_helped', 'bigint', (column) => column.notNull())
        .addColumn('changed_at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('faq_articles_once', ['id', 'locale']),
      schema.createIndex('faq_articles_of_shop').on('faq_articles').columns(['shop', 'position']),
      schema
        .createTable('faq_answers')
        .addColumn('article', 'text', (column) => column.notNull())
        .addColumn('shopper', 'text', (column) => column.notNull())
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('answer', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('faq_answers_once', ['article', 'shopper']),
    ],
  },
  {
    name: 'tickets',
    statements: (schema) => [
      ...['ticket_number', 'ticket_since', 'ticket_due', 'ticket_mailed'].map((name) =>
        schema.alterTable('conversations').addColumn(name, 'bigint'),
      ),
      ...['ticket_state', 'ticket_email', 'ticket_name', 'ticket_locale'].map((name) =>
        schema.alterTable('conversations').addColumn(name, 'text'),
      ),
      schema
        .createIndex('tickets_of_shop')
        .on('conversations')
        .columns(['shop', 'ticket_number'])
        .unique()
        .where(sql.ref('ticket_number'), 'is not', null),
    ],
  },
  {
    name: 'erasure of shoppers',
    statements: (schema, engine) => [
      schema
        .createTable('erasures')
        .addColumn('shop', 'text', (column) => column.notNull().references('shops.id'))
        .addColumn('shopper', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('erasures_once', ['shop', 'shopper']),
      // Otherwise the words of what is deleted stay in the index until it happens to be written anew.
      ...(engine === 'sqlite' ? [sql`insert into message_words(message_words, rank) values ('secure-delete', 1)`] : []),
    ],
  },
  {
    name: 'facts of a conversation as one text, in the index that reports read',
    statements: (schema, engine) => {
      const column = schema.alterTable('conversations');
      const of = schema.createIndex('conversations_facts').on('conversations');
      return [
        // SQLite adds no stored column to a table; what it has in an index it does not put together again.
        column.addColumn('facts', 'text', (facts) =>
          engine === 'sqlite' ? facts.generatedAlwaysAs(FACTS_TEXT) : facts.generatedAlwaysAs(FACTS_TEXT).stored(),
        ),
        engine === 'sqlite'
          ? of.columns(['shop', 'opened_at', 'facts'])
          : sql`create index conversations_facts on conversations (shop, opened_at) include (facts)`,
        schema.dropIndex('conversations_of_shop'),
      ];
    },
  },
];

/** The schema's version from which on a step has been taken. */
export function versionOf(name: string): number {
  return MIGRATIONS.findIndex((migration) => migration.name === name) + 1;
}
