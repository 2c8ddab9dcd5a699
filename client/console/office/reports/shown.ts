import type { ReportLine, ReportView } from '../../../../server/protocol/report.ts';
import { language, w } from '../../words.ts';
import { contentWords, countWords, durationWords, median, p90, rated, type MeasureWords } from './figures.ts';
import { agentName, named, topicName } from './named-lines.ts';
import { daysOf } from './ranges.ts';

export type Point = { label: string; values: [number | null, number | null] };
export type Named = { name: string; line: ReportLine };

/** From so many days on each says its year. */
const LONG_DAYS = 300;

/** The large figures above the charts. */
export function tilesOf({ total }: ReportView): { name: string; value: string; more: string }[] {
  const most = (spread: ReportLine['waited']): string => (spread ? w.reports_nine_of_ten({ time: p90(spread) }) : '');
  const talked = w.reports_in_all({ time: durationWords(total.callSeconds * 1_000) });
  return [
    { name: w.reports_conversations(), value: countWords(total.conversations), more: '' },
    { name: w.reports_missed(), value: countWords(total.missed), more: w.reports_missed_hint() },
    { name: w.reports_waited(), value: median(total.waited), more: most(total.waited) },
    { name: w.reports_first_answer(), value: median(total.firstAnswer), more: most(total.firstAnswer) },
    { name: w.reports_open(), value: median(total.open), more: most(total.open) },
    { name: w.reports_calls(), value: countWords(total.calls), more: total.calls > 0 ? talked : '' },
    { name: w.reports_cobrowses(), value: countWords(total.cobrowses), more: '' },
    {
      name: w.reports_content(),
      value: contentWords(total),
      more: w.reports_rated({ count: rated(total), shown: countWords(rated(total)) }),
    },
    { name: w.reports_estimate(), value: median(total.estimateError), more: most(total.estimateError) },
  ];
}

/** Every day of the report, also those without a conversation. */
export function dayPoints({ days, from, to }: ReportView, measure: MeasureWords): Point[] {
  const all = daysOf({ from, to });
  const year = all.length > LONG_DAYS ? ({ year: '2-digit' } as const) : {};
  const label = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC', ...year });
  return all.map((day) => ({ label: label.format(Date.parse(day)), values: measure.of(days[day]) }));
}

export function hourPoints({ hours }: ReportView, measure: MeasureWords): Point[] {
  return Array.from({ length: 24 }, (_, hour) => ({
    label: `${String(hour).padStart(2, '0')}:00`,
    values: measure.of(hours[String(hour)]),
  }));
}

export function agentLines({ agents, names }: ReportView): Named[] {
  return named(agents, (id) => agentName(names, id), conversationsIn);
}

export function topicLines({ topics, names }: ReportView): Named[] {
  return named(topics, (id) => topicName(names, id), conversationsIn);
}

function conversationsIn(line: ReportLine): number {
  return line.conversations;
}
