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

/** What `GET /api/reports` answers: the days from `from` to `to`, both of them within. */
export type ReportView = Report & {
  from: string;
  to: string;
  /** IANA name of the wall's zone. */
  zone: string;
  /** `own`: only what the asking agent had is counted. */
  scope: 'shop' | 'own';
  names: { agents: Record<string, string>; topics: Record<string, { en?: string; es?: string }> };
};
