/** What a report says, as it goes over the wire. Times in milliseconds. */

/** Of the values there are; null: of none. */
export type Spread = { count: number; median: number; p90: number } | null;

export type ReportLine = {
  conversations: number;
  missed: number;
  waited: Spread;
  firstAnswer: Spread;
  /** From the first message to the end. */
  open: Spread;
  /** How far what was said lay from what it became, either way. */
  estimateError: Spread;
  calls: number;
  callSeconds: number;
  cobrowses: number;
  /** How often each rating from 1 to 5 was given. */
  ratings: number[];
};

/** Days as `YYYY-MM-DD` and hours 0 to 23 on the shop's wall. */
export type Report = {
  total: ReportLine;
  days: Record<string, ReportLine>;
  hours: Record<string, ReportLine>;
  /** By id; `''`: nobody, or no topic. */
  agents: Record<string, ReportLine>;
  topics: Record<string, ReportLine>;
};

/** What `GET /api/reports?from&to`, or `?days`, answers: the days from `from` to `to`, both of them within. */
export type ReportView = Report & {
  from: string;
  to: string;
  /** IANA name of the wall's zone. */
  zone: string;
  /** `own`: only what the asking agent had is counted. */
  scope: 'shop' | 'own';
  names: { agents: Record<string, string>; topics: Record<string, { en?: string; es?: string }> };
};

/** Where the bands of ages end, in days since the ticket was made; the last one has no end. */
export const TICKET_AGE_DAYS = [1, 3, 7, 30] as const;

/** Tickets that nobody has solved, as old as they are now. */
export type TicketAge = {
  tickets: number;
  /** How many are in each band, the youngest first: one more than `TICKET_AGE_DAYS`. */
  byAge: number[];
  /** It is the shopper's turn. */
  pending: number;
  /** It is the shop's turn, and an answer was due. */
  late: number;
  oldestMs: number;
};

/** By id; `''`: nobody, or no topic. */
export type TicketAges = { total: TicketAge; agents: Record<string, TicketAge>; topics: Record<string, TicketAge> };

/** What `GET /api/reports/tickets` answers. */
export type TicketAgesView = TicketAges & Pick<ReportView, 'scope' | 'names'>;
