import { Hono, type Context } from 'hono';
import type { ReportLine, ReportView, Spread } from '../protocol/report.ts';
import { daysFrom, REPORT_DAYS_MAX, type Reports } from '../rooms/reports.ts';
import { csv } from './csv.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const TABLES = ['days', 'hours', 'agents', 'topics'] as const;
type Table = (typeof TABLES)[number];

/**
 * `/api/reports?from&to` and `/api/reports.csv?from&to&by`: what happened between two days, for the shop's agents. An agent
 * sees what they had themselves; supervisors and admins see everything.
 */
export function reportRoutes({ reports, ...options }: SignedInOptions & { reports: Reports }): Hono {
  const app = new Hono();

  async function wanted(c: Context): Promise<ReportView | Response> {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const { from = '', to = '' } = c.req.query();
    const days = daysFrom(from, to);
    if (days === null) return c.json({ reason: 'not-a-range' }, 400);
    if (days > REPORT_DAYS_MAX) return c.json({ reason: 'too-long', days: REPORT_DAYS_MAX }, 400);
    const own = agent.role === 'agent' ? agent.id : null;
    return await reports.of({ shop: agent.shop, from, to, agent: own });
  }

  app.get('/reports', async (c) => {
    const report = await wanted(c);
    return report instanceof Response ? report : c.json(report);
  });

  app.get('/reports.csv', async (c) => {
    const by = TABLES.find((table) => table === (c.req.query('by') ?? 'days'));
    const report = await wanted(c);
    if (report instanceof Response) return report;
    if (!by) return c.json({ reason: 'unknown' }, 400);
    return c.body(csv(tableOf(report, by)), 200, {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="report-${by}-${report.from}-${report.to}.csv"`,
    });
  });

  return app;
}

const HEADS: Record<Table, readonly string[]> = {
  days: ['day'],
  hours: ['hour'],
  agents: ['agent', 'name'],
  topics: ['topic', 'name'],
};
const COLUMNS = (
  'conversations missed wait_median_s wait_p90_s first_answer_median_s first_answer_p90_s open_median_s open_p90_s ' +
  'estimate_error_median_s estimate_error_p90_s calls call_s cobrowses rated_1 rated_2 rated_3 rated_4 rated_5'
).split(' ');

function tableOf(report: ReportView, by: Table): (string | number | null)[][] {
  const rows = Object.entries(report[by]).map(([key, line]) => [...headOf(report, by, key), ...cellsOf(line)]);
  return [[...HEADS[by], ...COLUMNS], ...rows];
}

function headOf({ names }: ReportView, by: Table, key: string): string[] {
  if (by === 'agents') return [key, names.agents[key] ?? ''];
  if (by === 'topics') return [key, names.topics[key]?.en ?? names.topics[key]?.es ?? ''];
  return [key];
}

function cellsOf(line: ReportLine): (number | null)[] {
  const { conversations, missed, waited, firstAnswer, open, estimateError, calls, callSeconds, cobrowses } = line;
  const spreads = [waited, firstAnswer, open, estimateError].flatMap(secondsOf);
  return [conversations, missed, ...spreads, calls, callSeconds, cobrowses, ...line.ratings];
}

function secondsOf(spread: Spread): (number | null)[] {
  return spread ? [seconds(spread.median), seconds(spread.p90)] : [null, null];
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
