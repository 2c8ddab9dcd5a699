/** What a shop's admins settle in the console, a section at a time: schemas, and what holds until somebody has. */
import * as v from 'valibot';

const Id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));
const Line = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const whole = (from: number, to: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(from), v.maxValue(to));

/** Minutes from the day's midnight on the wall. */
const Span = v.object({ from: whole(0, 1_440), to: whole(0, 1_440) });
const Day = v.pipe(v.array(Span), v.maxLength(12));

/** Whether they make sense (a zone that exists, spans that do not overlap) is the domain's to say. */
export const HoursSetting = v.object({
  /** IANA name. */
  zone: v.pipe(v.string(), v.maxLength(64)),
  /** Monday first. */
  weekly: v.pipe(v.array(Day), v.length(7)),
  /** By `YYYY-MM-DD`: these spans instead of the week's. */
  exceptions: v.pipe(
    v.record(v.string(), Day),
    v.check((days) => Object.keys(days).length <= 400, 'at most 400 days that differ'),
  ),
});
export type HoursSetting = v.InferOutput<typeof HoursSetting>;

/** What a conversation is about. */
export const TopicSetting = v.object({
  id: Id,
  /** By language; a shopper of another one reads the first. */
  name: v.object({ en: v.optional(Line), es: v.optional(Line) }),
  /** Null: the shop's. */
  hours: v.nullable(HoursSetting),
  /** Beginnings of paths of the shop's pages on which this topic is meant, for example `/kitchen`. */
  paths: v.pipe(v.array(v.pipe(v.string(), v.regex(/^\//), v.maxLength(200))), v.maxLength(20)),
});
export type TopicSetting = v.InferOutput<typeof TopicSetting>;

const WebAddress = v.pipe(v.string(), v.maxLength(500), v.url(), v.regex(/^(https?:\/\/|mailto:|tel:)/i));

export const RoutingSetting = v.object({
  /** What each kind of work takes of an agent's capacity. */
  units: v.object({ chat: whole(1, 20), cobrowse: whole(1, 20), call: whole(1, 20) }),
  /** Of agents who have none of their own. */
  capacity: whole(1, 100),
  /** How long one agent is asked before the next one is. */
  offerSeconds: whole(5, 600),
  /** Who passed is not asked again for the same one before this. */
  askAgainSeconds: whole(5, 3_600),
  /** An agent whose connection is lost this long has gone: what is theirs waits again, at its old place. */
  graceSeconds: whole(5, 3_600),
  /** An agent who has not answered a waiting shopper for so long has gone, too; null: never. */
  silentMinutes: v.nullable(whole(1, 240)),
  /** An agent who touches nothing for so long is away; null: never by itself. */
  awayMinutes: v.nullable(whole(1, 240)),
  /** Above this expected wait the widget offers a message or the channels below instead; null: never. */
  longWaitSeconds: v.nullable(whole(10, 86_400)),
  /** Other ways to the shop. */
  channels: v.pipe(v.array(v.object({ label: Line, url: WebAddress })), v.maxLength(6)),
});
export type RoutingSetting = v.InferOutput<typeof RoutingSetting>;

export const UploadSetting = v.object({
  /** Bytes of one file. */
  bytesMax: whole(1_024, 100 * 1_024 * 1_024),
  /** MIME types that are taken; what is none of the list is refused. */
  types: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z]+\/[a-z0-9.+-]+$/), v.maxLength(100))), v.maxLength(60)),
});
export type UploadSetting = v.InferOutput<typeof UploadSetting>;

/** Something that an agent says often: found by `/` and its short name. `{shopper}`, `{agent}`, `{shop}` are filled in. */
export const ReplySetting = v.object({
  id: Id,
  short: v.pipe(v.string(), v.regex(/^[\p{L}\p{N}_-]{1,40}$/u)),
  text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4_000)),
  /** Null: of every topic. */
  topic: v.nullable(Id),
});
export type ReplySetting = v.InferOutput<typeof ReplySetting>;

export const TicketSetting = v.object({
  /** Within how many hours the shop means to answer: told to the shopper, and when a ticket is due. */
  answerHours: whole(1, 720),
});
export type TicketSetting = v.InferOutput<typeof TicketSetting>;

export const SatisfactionSetting = v.object({ ask: v.boolean() });
export type SatisfactionSetting = v.InferOutput<typeof SatisfactionSetting>;

/** Every section, by name. */
export const SETTINGS = {
  /** Null: always open. */
  hours: v.nullable(HoursSetting),
  topics: v.pipe(v.array(TopicSetting), v.maxLength(50)),
  routing: RoutingSetting,
  uploads: UploadSetting,
  replies: v.pipe(v.array(ReplySetting), v.maxLength(500)),
  tickets: TicketSetting,
  satisfaction: SatisfactionSetting,
} as const;

export type SettingName = keyof typeof SETTINGS;
export type Settings = { [Name in SettingName]: v.InferOutput<(typeof SETTINGS)[Name]> };

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

export const DEFAULT_SETTINGS: Settings = {
  hours: null,
  topics: [],
  routing: {
    units: { chat: 1, cobrowse: 2, call: 3 },
    capacity: 6,
    offerSeconds: 30,
    askAgainSeconds: 120,
    graceSeconds: 60,
    silentMinutes: null,
    awayMinutes: 15,
    longWaitSeconds: 600,
    channels: [],
  },
  uploads: {
    bytesMax: 20 * 1_024 * 1_024,
    types: [
      'image/jpeg',
      'image/png',
      'image/gif',
      'image/webp',
      'image/avif',
      'image/heic',
      'application/pdf',
      'text/plain',
      'text/csv',
      'video/mp4',
      'audio/mpeg',
    ],
  },
  replies: [],
  tickets: { answerHours: 24 },
  satisfaction: { ask: true },
};
