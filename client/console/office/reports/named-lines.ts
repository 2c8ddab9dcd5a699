import type { ReportView } from '../../../../server/protocol/report.ts';
import { nameIn } from '../../ui/topic-name.ts';
import { w } from '../../words.ts';

type Names = ReportView['names'];

export function agentName({ agents }: Names, id: string): string {
  return agents[id] ?? (id || w.reports_nobody());
}

export function topicName({ topics }: Names, id: string): string {
  const name = topics[id];
  return (name && nameIn(name)) ?? (id || w.reports_no_topic());
}

/** Lines by what people call them, most first. Two of one name are told apart by their ids. */
export function named<Line>(
  lines: Record<string, Line>,
  nameOf: (id: string) => string,
  countOf: (line: Line) => number,
): { name: string; line: Line }[] {
  const known = new Set<string>();
  return Object.entries(lines)
    .map(([id, line]) => {
      const name = nameOf(id);
      const unique = known.has(name) ? `${name} (${id.slice(0, 8)})` : name;
      known.add(name);
      return { name: unique, line };
    })
    .toSorted((a, b) => countOf(b.line) - countOf(a.line));
}
