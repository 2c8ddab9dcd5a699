import type { ReportLine, Spread } from '../../../../server/protocol/report.ts';
import { language, w } from '../../words.ts';

/** 42 s · 3 min 20 s · 2 h 5 min · 3 d 4 h */
export function durationWords(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return two(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(seconds / 3_600);
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function two(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}

export function countWords(count: number): string {
  return new Intl.NumberFormat(language).format(count);
}

export function median(spread: Spread): string {
  return durationWords(spread?.median);
}

export function p90(spread: Spread): string {
  return durationWords(spread?.p90);
}

export function rated(line: ReportLine): number {
  return line.ratings.reduce((sum, count) => sum + count, 0);
}

/** The share that rated four or five; – where nobody rated. */
export function contentWords(line: ReportLine): string {
  const all = rated(line);
  if (all === 0) return '–';
  const content = (line.ratings[3] ?? 0) + (line.ratings[4] ?? 0);
  return new Intl.NumberFormat(language, { style: 'percent' }).format(content / all);
}

/** What a chart can show of a line: two values, the second one being part of the first or beyond it. */
export type Measure = 'conversations' | 'waited' | 'firstAnswer' | 'open';

export type MeasureWords = {
  title: string;
  names: [string, string];
  of: (line: ReportLine | undefined) => [number | null, number | null];
  text: (value: number | null) => string;
};

export function measureWords(measure: Measure): MeasureWords {
  if (measure === 'conversations') {
    return {
      title: w.reports_conversations(),
      names: [w.reports_conversations(), w.reports_missed()],
      of: (line) => [line?.conversations ?? 0, line?.missed ?? 0],
      text: (value) => (value === null ? '–' : countWords(value)),
    };
  }
  const titles = { waited: w.reports_waited(), firstAnswer: w.reports_first_answer(), open: w.reports_open() };
  return {
    title: titles[measure],
    names: [w.reports_median(), w.reports_most()],
    of: (line) => [line?.[measure]?.median ?? null, line?.[measure]?.p90 ?? null],
    text: durationWords,
  };
}
