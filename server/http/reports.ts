import { Hono, type Context } from 'hono';
import {
  TICKET_AGE_DAYS,
  type ReportLine,
  type ReportView,
  type Spread,
  type TicketAge,
  type TicketAgesView,
} from '../protocol/report.ts';
import { daysFrom, REPORT_DAYS_MAX, type Reports } from '../rooms/reports.ts';
import type { Agent } from '../storage/storage.ts';
import { csv } from './csv.ts';
import { signedIn, type SignedInOptions } from './signed-in.ts';

const TABLES = ['days', 'hours', 'agents', 'topics'] as const;
type Table = (typeof TABLES)[number];
/** By which the ages of tickets can be seen. */
const TICKET_TABLES = ['agents', 'topics'] as const;
type TicketTable = (typeof TICKET_TABLES)[number];

/**
 * `/api/reports?from&to` and `/api/reports.csv?from&to&by`: what happened between two days; with `days` instead of the two, in
 * the last so many on the shop's wall, today among them. `/api/reports/tickets` and
 * `/api/reports/tickets.csv?by`: how old the open tickets are now. An agent sees what they had themselves; supervisors and
 * admins see everything.
 */
export function reportRoutes({ reports, ...options }: SignedInOptions & { reports: Reports }): Hono {
  const app = new Hono();

  async function wanted(c: Context): Promise<ReportView | Response> {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    const { from = '', to = '', days: last } = c.req.query();
    const days = last === undefined ? daysFrom(from, to) : daysIn(last);
    if (days === null) return c.json({ reason: 'not-a-range' }, 400);
    if (days > REPORT_DAYS_MAX) return c.json({ reason: 'too-long', days: REPORT_DAYS_MAX }, 400);
    const range = last === undefined ? { from, to } : await reports.lastDays(agent.shop, days);
    return await reports.of({ shop: agent.shop, ...range, agent: ownOnly(agent) });
  }

  async function tickets(c: Context): Promise<TicketAgesView | Response> {
    const agent = await signedIn(c, options);
    if (agent instanceof Response) return agent;
    return await reports.tickets({ shop: agent.shop, agent: ownOnly(agent) });
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
    return download(c, `report-${by}-${report.from}-${report.to}`, tableOf(report, by));
  });

  app.get('/reports/tickets', async (c) => {
    const ages = await tickets(c);
    return ages instanceof Response ? ages : c.json(ages);
  });

  app.get('/reports/tickets.csv', async (c) => {
    const by = TICKET_TABLES.find((table) => table === (c.req.query('by') ?? 'agents'));
    const ages = await tickets(c);
    if (ages instanceof Response) return ages;
    if (!by) return c.json({ reason: 'unknown' }, 400);
    return download(c, `tickets-${by}`, agesOf(ages, by));
  });

  return app;
}

/** Null: no number of days. */
function daysIn(text: string): number | null {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
}

/** Null: everything of the shop. */
function ownOnly({ role, id }: Pick<Agent, 'role' | 'id'>): string | null {
  return role === 'agent' ? id : null;
}

function download(c: Context, name: string, table: (string | number | null)[][]): Response {
  return c.body(csv(table), 200, {
    'Content-Type': 'text/csv; charset=utf-8; header=present',
    'Content-Disposition': `attachment; filename="${name}.csv"`,
  });
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

function headOf({ names }: Pick<ReportView, 'names'>, by: Table, key: string): string[] {
  if (by === 'agents') return [key, names.agents[key] ?? ''];
  if (by === 'topics') return [key, names.topics[key]?.en ?? names.topics[key]?.es ?? ''];
  return [key];
}

/** A column for each band: `under_1_d`, `1_to_3_d` and so on to `over_30_d`. */
const BANDS = [...TICKET_AGE_DAYS, null].map((days, band) => {
  const from = TICKET_AGE_DAYS[band - 1];
  if (days === null) return `over_${from}_d`;
  return from === undefined ? `under_${days}_d` : `${from}_to_${days}_d`;
});
const AGE_COLUMNS = ['open_tickets', ...BANDS, 'waiting_for_shopper', 'late', 'oldest_s'];

function agesOf(ages: TicketAgesView, by: TicketTable): (string | number)[][] {
  const cells = ({ tickets, byAge, pending, late, oldestMs }: TicketAge): number[] => {
    return [tickets, ...byAge, pending, late, Math.round(oldestMs / 1_000)];
  };
  const rows = Object.entries(ages[by]).map(([key, age]) => [...headOf(ages, by, key), ...cells(age)]);
  return [[...HEADS[by], ...AGE_COLUMNS], ...rows];
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
