import type { HoursSetting, ReplySetting, RoutingSetting, TopicSetting } from '../../../../server/protocol/settings.ts';
import type { ShopperTraces, TeamMember } from '../../../../server/protocol/views.ts';
import { nameIn } from '../../ui/topic-name.ts';
import { language, w } from '../../words.ts';
import { dayWords, spansWords, weekday } from './week.ts';

/** A line of the audit as the service gives it. */
export type AuditLine = {
  id: string;
  at: number;
  by: { id: string; name: string };
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
};

/** What was changed: of what, from what, to what; `null`: there was or is nothing. */
export type Change = { of: string; before: string | null; after: string | null };

export type AuditWords = { what: string; changes: Change[] };

/** What a line says to people. Whatever a newer or older program wrote is named by its machine's name. */
export function auditWords({ action, subject, before, after }: AuditLine): AuditWords {
  switch (action) {
    case 'settings.changed':
      return {
        what: w.audit_settings({ section: sectionName(subject) }),
        changes: sectionChanges(subject, before, after),
      };
    case 'team.added':
      return { what: w.audit_team_added({ name: memberName(after) }), changes: memberChanges(before, after) };
    case 'team.changed':
      return { what: w.audit_team_changed({ name: memberName(after) }), changes: memberChanges(before, after) };
    case 'team.new-password':
      return { what: w.audit_team_password({ name: memberName(after) }), changes: [] };
    case 'team.removed':
      return { what: w.audit_team_removed({ name: memberName(before) }), changes: [] };
    case 'faq.added':
      return { what: w.audit_faq_added({ title: titleOf(after) }), changes: [] };
    case 'faq.changed':
      return {
        what: w.audit_faq_changed({ title: titleOf(after) }),
        changes: flatChanges(textsOf(before), textsOf(after)),
      };
    case 'faq.removed':
      return { what: w.audit_faq_removed({ title: titleOf(before) }), changes: [] };
    case 'faq.ordered':
      return { what: w.audit_faq_ordered(), changes: [] };
    case 'file.deleted':
      return { what: w.audit_file_deleted(), changes: [] };
    case 'recording.deleted':
      return { what: w.audit_recording_deleted(), changes: [] };
    case 'shopper.erased':
      return { what: w.audit_shopper_erased(), changes: flatChanges(tracesOf(before), {}) };
    default:
      return { what: `${action} ${subject}`.trim(), changes: flatChanges(before, after) };
  }
}

export function sectionName(section: string): string {
  switch (section) {
    case 'hours':
      return w.settings_section_hours();
    case 'topics':
      return w.settings_section_topics();
    case 'routing':
      return w.settings_section_routing();
    case 'uploads':
      return w.settings_section_uploads();
    case 'replies':
      return w.settings_section_replies();
    case 'tickets':
      return w.settings_section_tickets();
    case 'satisfaction':
      return w.settings_section_satisfaction();
    default:
      return section;
  }
}

function sectionChanges(section: string, before: unknown, after: unknown): Change[] {
  switch (section) {
    case 'hours':
      return hoursChanges(before as HoursSetting | null, after as HoursSetting | null, w.hours_always());
    case 'topics':
      return topicsChanges((before ?? []) as TopicSetting[], (after ?? []) as TopicSetting[]);
    case 'replies':
      return repliesChanges((before ?? []) as ReplySetting[], (after ?? []) as ReplySetting[]);
    case 'routing':
      return flatChanges(routingWords(before as RoutingSetting), routingWords(after as RoutingSetting));
    case 'tickets':
      return flatChanges(
        renamed(before, { answerHours: w.tickets_answer() }),
        renamed(after, { answerHours: w.tickets_answer() }),
      );
    case 'satisfaction':
      return flatChanges(renamed(before, { ask: w.satisfaction_ask() }), renamed(after, { ask: w.satisfaction_ask() }));
    case 'uploads':
      return flatChanges(uploadWords(before), uploadWords(after));
    default:
      return flatChanges(before, after);
  }
}

/** `none`: what is said where there are no such hours. */
function hoursChanges(before: HoursSetting | null, after: HoursSetting | null, none: string): Change[] {
  const of = w.settings_section_hours();
  const kind = (hours: HoursSetting | null): Record<string, string> => ({
    [of]: hours ? w.audit_hours_weekly() : none,
  });
  const details = after ? flatChanges(before && hoursWords(before), hoursWords(after)) : [];
  return [...flatChanges(kind(before), kind(after)), ...details];
}

function hoursWords(hours: HoursSetting): Record<string, string> {
  const week = hours.weekly.map((spans, index) => [weekday(index), spansWords(spans)] as const);
  const days = Object.entries(hours.exceptions).map(([day, spans]) => [dayWords(day), spansWords(spans)] as const);
  return Object.fromEntries([[w.hours_zone(), hours.zone], ...week, ...days]);
}

function topicsChanges(before: readonly TopicSetting[], after: readonly TopicSetting[]): Change[] {
  return paired(before, after).flatMap(([was, is]) => {
    if (!was || !is) return [{ of: w.audit_topic(), before: was && topicName(was), after: is && topicName(is) }];
    const of = (topic: TopicSetting): Record<string, unknown> => ({
      [w.topics_name_en()]: topic.name.en,
      [w.topics_name_es()]: topic.name.es,
      [w.topics_paths()]: topic.paths.join(', '),
    });
    const prefix = `${topicName(is)}: `;
    const changes = [...flatChanges(of(was), of(is)), ...hoursChanges(was.hours, is.hours, w.audit_hours_shop())];
    return changes.map((change) => ({ ...change, of: prefix + change.of }));
  });
}

function repliesChanges(before: readonly ReplySetting[], after: readonly ReplySetting[]): Change[] {
  return paired(before, after).flatMap(([was, is]) => {
    const text = (reply: ReplySetting | null): string | null => reply && `/${reply.short} ${reply.text}`;
    return text(was) === text(is) && was?.topic === is?.topic
      ? []
      : [{ of: w.audit_reply(), before: text(was), after: text(is) }];
  });
}

/** What was and what is, by id; null: it was not, or is not any more. */
function paired<Thing extends { id: string }>(
  before: readonly Thing[],
  after: readonly Thing[],
): [Thing | null, Thing | null][] {
  const gone = before.filter((was) => !after.some(({ id }) => id === was.id));
  return [
    ...after.map((is): [Thing | null, Thing] => [before.find(({ id }) => id === is.id) ?? null, is]),
    ...gone.map((was): [Thing, null] => [was, null]),
  ];
}

function routingWords(routing: RoutingSetting | null): Record<string, unknown> {
  if (!routing) return {};
  return {
    [w.routing_capacity()]: routing.capacity,
    [w.routing_chat()]: routing.units.chat,
    [w.routing_cobrowse()]: routing.units.cobrowse,
    [w.routing_call()]: routing.units.call,
    [w.routing_offer()]: routing.offerSeconds,
    [w.routing_again()]: routing.askAgainSeconds,
    [w.routing_grace()]: routing.graceSeconds,
    [w.routing_silent()]: routing.silentMinutes ?? w.settings_never(),
    [w.routing_away()]: routing.awayMinutes ?? w.settings_never(),
    [w.routing_long()]: routing.longWaitSeconds ?? w.settings_never(),
    [w.routing_channels()]: routing.channels.map(({ label, url }) => `${label} (${url})`).join(', '),
  };
}

function uploadWords(value: unknown): Record<string, unknown> {
  const { bytesMax, types } = (value ?? {}) as { bytesMax?: number; types?: string[] };
  return {
    [w.uploads_size()]: bytesMax === undefined ? undefined : `${Math.round(bytesMax / 1_024 / 1_024)} MB`,
    [w.uploads_types()]: types?.join(', '),
  };
}

function tracesOf(value: unknown): Record<string, unknown> {
  const { conversations, files, recordings, mails } = (value ?? {}) as Partial<ShopperTraces>;
  return {
    [w.audit_erased_conversations()]: conversations,
    [w.audit_erased_files()]: files,
    [w.audit_erased_recordings()]: recordings,
    [w.audit_erased_mails()]: mails,
  };
}

function memberChanges(before: unknown, after: unknown): Change[] {
  const of = (value: unknown): Record<string, unknown> => {
    if (!value) return {};
    const { name, email, role, topics, capacity } = value as TeamMember;
    return {
      [w.team_name()]: name,
      [w.team_email()]: email,
      [w.team_role()]: roleName(role),
      [w.team_topics()]: topics === null ? w.team_all_topics() : topics.join(', '),
      [w.routing_capacity()]: capacity,
    };
  };
  return flatChanges(of(before), of(after));
}

export function roleName(role: TeamMember['role']): string {
  const names = { agent: w.team_role_agent(), supervisor: w.team_role_supervisor(), admin: w.team_role_admin() };
  return names[role];
}

function memberName(value: unknown): string {
  return (value as TeamMember | null)?.name ?? '';
}

function topicName({ name, id }: TopicSetting): string {
  return nameIn(name) ?? id;
}

type Texts = { texts?: Record<string, { title: string; body: string; published: boolean }> };

function textsOf(article: unknown): Record<string, unknown> {
  const texts = Object.entries((article as Texts | null)?.texts ?? {});
  return Object.fromEntries(
    texts.flatMap(([locale, { title, body, published }]) => [
      [`${w.faq_name()} (${locale})`, title],
      [`${w.faq_body()} (${locale})`, body],
      [`${w.faq_publish()} (${locale})`, published],
    ]),
  );
}

function titleOf(article: unknown): string {
  const texts = Object.entries((article as Texts | null)?.texts ?? {});
  return (texts.find(([locale]) => locale === language) ?? texts[0])?.[1].title ?? '';
}

function renamed(value: unknown, names: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([key, each]) => [names[key] ?? key, each]));
}

/** The places of two values that differ. */
function flatChanges(before: unknown, after: unknown): Change[] {
  const [was, is] = [asRecord(before), asRecord(after)];
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((of) => {
    const change = { of, before: valueText(was[of]), after: valueText(is[of]) };
    return change.before === change.after ? [] : [change];
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function valueText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? w.audit_yes() : w.audit_no();
  return typeof value === 'string' ? value : JSON.stringify(value);
}
