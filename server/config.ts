import { resolve } from 'node:path';
import * as v from 'valibot';
import { isMailAddress } from './protocol/mail-address.ts';

const Port = v.pipe(
  v.string(),
  v.transform(Number),
  v.integer('must be a whole number'),
  v.minValue(0),
  v.maxValue(65_535),
);
const Origin = v.pipe(
  v.string(),
  v.url('must be an address such as https://support.example.com'),
  v.check((url) => /^https?:\/\//.test(url), 'must begin with https:// or http://'),
  v.transform((url) => new URL(url).origin),
);
const Seconds = v.pipe(v.string(), v.transform(Number), v.integer('must be whole seconds'), v.minValue(0));
const Flag = v.pipe(
  v.picklist(['0', '1', 'true', 'false'], 'must be 1 or 0'),
  v.transform((flag) => flag === '1' || flag === 'true'),
);

const Origins = v.pipe(
  v.string(),
  v.transform((list) => list.split(',').map((origin) => origin.trim())),
  v.array(Origin),
);

const TurnUrls = v.pipe(
  v.string(),
  v.transform((list) => list.split(',').map((url) => url.trim())),
  v.array(
    v.pipe(
      v.string(),
      v.regex(
        /^turns?:(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i,
        'must be addresses such as turn:turn.example.com:3478 or turns:turn.example.com:5349?transport=tcp',
      ),
    ),
  ),
  v.maxLength(8, 'must be eight addresses at most'),
);

const SmtpUrl = v.pipe(
  v.string(),
  v.regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://'),
  v.url('must be an address such as smtp://user:password@mail.example.com:587'),
);
const ImapUrl = v.pipe(
  v.string(),
  v.regex(/^imaps?:\/\//, 'must begin with imap:// or imaps://'),
  v.url('must be an address such as imaps://user:password@mail.example.com'),
  v.check((url) => new URL(url).username !== '' && new URL(url).password !== '', 'must have a user and a password'),
);
/** `help@shop.example` or `Casa Lumbre <help@shop.example>`. */
const MailFrom = v.pipe(
  v.string(),
  v.check((from) => isMailAddress(addressIn(from)), 'must be an address such as Casa Lumbre <help@shop.example>'),
  v.check((from) => !/[\r\n]/.test(from), 'must be one line'),
  v.check((from) => !/^(no|do-?not)[._-]?reply@/i.test(addressIn(from)), 'must be an address that reads its answers'),
);

const Count = v.pipe(v.string(), v.transform(Number), v.integer('must be a whole number'), v.minValue(1));

const Environment = v.object({
  HOST: v.optional(v.string(), '127.0.0.1'),
  PORT: v.optional(Port, '4600'),
  DATA_DIR: v.optional(v.string(), 'data'),
  DATABASE_URL: v.optional(
    v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//, 'must begin with postgres://'), v.url('must be an address')),
  ),
  PUBLIC_URL: v.optional(Origin),
  REPLAY_ORIGIN: v.optional(Origin),
  SHOP_ORIGINS: v.optional(Origins),
  SHOP_NAME: v.optional(v.pipe(v.string(), v.maxLength(80))),
  SHOP_ACCENT: v.optional(v.pipe(v.string(), v.hexColor('must be a colour such as #b4532a'))),
  TRUST_PROXY: v.optional(Flag, '0'),
  CONVERSATIONS_PER_ADDRESS: v.optional(Count, '120'),
  MEDIA_LISTEN_IP: v.optional(v.pipe(v.string(), v.ip('must be an IP address'))),
  MEDIA_ANNOUNCED_ADDRESS: v.optional(v.string()),
  MEDIA_PORT: v.optional(Port, '4610'),
  MEDIA_WORKERS: v.optional(v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(1), v.maxValue(64))),
  TURN_URLS: v.optional(TurnUrls),
  TURN_SECRET: v.optional(v.pipe(v.string(), v.minLength(16, 'must have 16 characters or more'))),
  TURN_TTL_SECONDS: v.optional(
    v.pipe(Seconds, v.minValue(60, 'must be 60 seconds or more'), v.maxValue(86_400, 'must be a day (86400) or less')),
    '3600',
  ),
  METRICS_TOKEN: v.optional(v.pipe(v.string(), v.minLength(16, 'must be at least 16 characters long'))),
  RECORDING: v.optional(Flag, '1'),
  RECORDING_DAYS: v.optional(v.pipe(Count, v.maxValue(3_650, 'must be 3650 days or less')), '30'),
  FFMPEG_BIN: v.optional(v.string()),
  FILES_MAX_MB: v.optional(Count, '20480'),
  SMTP_URL: v.optional(SmtpUrl),
  MAIL_FROM: v.optional(MailFrom),
  IMAP_URL: v.optional(ImapUrl),
  IMAP_FOLDER: v.optional(v.pipe(v.string(), v.maxLength(200)), 'INBOX'),
  MAIL_GATHER_SECONDS: v.optional(v.pipe(Seconds, v.maxValue(3_600, 'must be an hour (3600) or less')), '20'),
  DRAIN_SECONDS: v.optional(Seconds, '60'),
  LOG_LEVEL: v.optional(v.picklist(['silent', 'error', 'warn', 'info', 'debug']), 'warn'),
});

function addressIn(from: string): string {
  return /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim();
}

export function isLoopback(origin: string): boolean {
  return /^(127\.[\d.]+|localhost|\[::1\])$/.test(new URL(origin).hostname);
}

/** Settings of this process; every one has an environment variable, listed in the README. */
export type Config = Readonly<{
  host: string;
  port: number;
  dataDir: string;
  /** A PostgreSQL database; null: SQLite in the data folder. */
  databaseUrl: string | null;
  /** The origin under which browsers reach the service; null: it follows from host and port once they are bound. */
  publicOrigin: string | null;
  /** The origin of the co-browsing replay frame; null: the other loopback name. */
  replayOrigin: string | null;
  /** What the environment says of the shop; null leaves it as it is. */
  shop: Readonly<{ origins: readonly string[] | null; name: string | null; accent: string | null }>;
  trustProxy: boolean;
  /** New conversations from one address in ten minutes. */
  conversationsPerAddress: number;
  media: Readonly<{
    listenIp: string;
    announcedAddress: string | null;
    port: number;
    workers: number | null;
    /** The relay for networks that block UDP and unusual ports; null: there is none. */
    turn: Readonly<{ urls: readonly string[]; secret: string; ttlSeconds: number }> | null;
  }>;
  /** Whoever brings it as bearer may read /metrics from anywhere; null: only this machine may. */
  metricsToken: string | null;
  /** Recording: only where it is wanted; of calls with the ffmpeg of the PATH unless another one is named. */
  recording: Readonly<{ wanted: boolean; days: number; ffmpeg: string | null }>;
  /** What all files of all conversations together may take. */
  filesMaxBytes: number;
  /** How tickets are answered when the shopper is away; null: only in the chat. */
  mail: Readonly<{
    smtpUrl: string;
    from: string;
    /** What its message ids end in. */
    host: string;
    /** Where answers come in; null: they do not. */
    imap: Readonly<{ url: string; folder: string }> | null;
    /** What is written within this time goes in one mail. */
    gatherMs: number;
  }> | null;
  /** How long running calls may go on after SIGTERM. */
  drainSeconds: number;
  logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}>;

/** Reads and checks the environment. Throws an Error that names every variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = v.safeParse(Environment, present, { abortPipeEarly: true });
  if (!parsed.success) {
    const lines = parsed.issues.map((issue) => {
      const [name = '?'] = (v.getDotPath(issue) ?? '?').split('.');
      const value = /(?:SECRET|TOKEN)$|^(?:DATABASE|SMTP|IMAP)_URL$/.test(name) ? '…' : present[name];
      return `  ${name}=${value}: ${issue.message}`;
    });
    throw new Error(`Settings that cannot be used:\n${lines.join('\n')}`);
  }
  const e = parsed.output;
  if (e.PUBLIC_URL && !isLoopback(e.PUBLIC_URL) && !e.REPLAY_ORIGIN) {
    throw new Error(
      'PUBLIC_URL is set, so REPLAY_ORIGIN is needed as well: a second name of this service, for example ' +
        "https://replay.example.com, on which agents see shoppers' pages apart from their own cookies.",
    );
  }
  if (e.PUBLIC_URL && e.REPLAY_ORIGIN && new URL(e.PUBLIC_URL).hostname === new URL(e.REPLAY_ORIGIN).hostname) {
    throw new Error('REPLAY_ORIGIN needs another host name than PUBLIC_URL: cookies do not keep ports apart.');
  }
  if (Boolean(e.TURN_URLS) !== Boolean(e.TURN_SECRET)) {
    throw new Error(
      'TURN_URLS and TURN_SECRET go together: where the relay is, and the secret that it shares with this service ' +
        '(static-auth-secret of coturn).',
    );
  }
  if (Boolean(e.SMTP_URL) !== Boolean(e.MAIL_FROM)) {
    throw new Error(
      'SMTP_URL and MAIL_FROM go together: the server that mails go out by, and the address that people can answer to.',
    );
  }
  if (e.IMAP_URL && !e.SMTP_URL) {
    throw new Error('IMAP_URL needs SMTP_URL and MAIL_FROM: only what went out by mail can be answered by mail.');
  }
  return Object.freeze({
    host: e.HOST,
    port: e.PORT,
    dataDir: resolve(e.DATA_DIR),
    databaseUrl: e.DATABASE_URL ?? null,
    publicOrigin: e.PUBLIC_URL ?? null,
    replayOrigin: e.REPLAY_ORIGIN ?? null,
    shop: Object.freeze({
      origins: e.SHOP_ORIGINS ?? null,
      name: e.SHOP_NAME ?? null,
      accent: e.SHOP_ACCENT ?? null,
    }),
    trustProxy: e.TRUST_PROXY,
    conversationsPerAddress: e.CONVERSATIONS_PER_ADDRESS,
    media: Object.freeze({
      listenIp: e.MEDIA_LISTEN_IP ?? e.HOST,
      announcedAddress: e.MEDIA_ANNOUNCED_ADDRESS ?? null,
      port: e.MEDIA_PORT,
      workers: e.MEDIA_WORKERS ?? null,
      turn:
        e.TURN_URLS && e.TURN_SECRET
          ? Object.freeze({ urls: e.TURN_URLS, secret: e.TURN_SECRET, ttlSeconds: e.TURN_TTL_SECONDS })
          : null,
    }),
    metricsToken: e.METRICS_TOKEN ?? null,
    recording: Object.freeze({ wanted: e.RECORDING, days: e.RECORDING_DAYS, ffmpeg: e.FFMPEG_BIN ?? null }),
    filesMaxBytes: e.FILES_MAX_MB * 1024 * 1024,
    mail:
      e.SMTP_URL && e.MAIL_FROM
        ? Object.freeze({
            smtpUrl: e.SMTP_URL,
            from: e.MAIL_FROM,
            host: addressIn(e.MAIL_FROM).split('@')[1] ?? 'localhost',
            imap: e.IMAP_URL ? Object.freeze({ url: e.IMAP_URL, folder: e.IMAP_FOLDER }) : null,
            gatherMs: e.MAIL_GATHER_SECONDS * 1_000,
          })
        : null,
    drainSeconds: e.DRAIN_SECONDS,
    logLevel: e.LOG_LEVEL,
  });
}
