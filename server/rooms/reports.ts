import { ReportSums, type ConversationFact } from '../domain/report.ts';
import { ticketAges } from '../domain/ticket-ages.ts';
import { dayAt, dayText, midnightOf } from '../domain/wall-clock.ts';
import type { Report, ReportView, TicketAgesView } from '../protocol/report.ts';
import type { Storage } from '../storage/storage.ts';
import type { ShopSettings } from './shop-settings.ts';

/** Two years and the days that make them whole. */
export const REPORT_DAYS_MAX = 732;
/** How long the thread is busy with a report before somebody else has their turn. */
const SLICE_MS = 5;
/** Facts between two looks at the clock. */
const LOOKS = 512;
const DAY_MS = 86_400_000;

export type ReportsOptions = {
  storage: Pick<Storage, 'facts' | 'openTickets' | 'agents'>;
  settings: ShopSettings;
  /** IANA name: the wall of a shop that has settled no hours. */
  zone: string;
  now: () => number;
};

/** Days as `YYYY-MM-DD`, both within. `agent`: only what that one had; null: all of the shop. */
export type ReportWanted = { shop: string; from: string; to: string; agent: string | null };

/** Reports of shops, one after the other: however many are asked for, chats and calls do not wait for them. */
export class Reports {
  #options: ReportsOptions;
  #running = new Map<string, Promise<ReportView>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  /** Whoever asks for what is being added up already gets the same. */
  async of(wanted: ReportWanted): Promise<ReportView> {
    const key = JSON.stringify([wanted.shop, wanted.from, wanted.to, wanted.agent]);
    const known = this.#running.get(key);
    if (known) return await known;
    const report = this.#last.then(() => this.#report(wanted)).finally(() => this.#running.delete(key));
    this.#running.set(key, report);
    this.#last = report.catch(() => {});
    return await report;
  }

  /** The last so many days on the shop's wall, today among them. */
  async lastDays(shop: string, days: number): Promise<Pick<ReportWanted, 'from' | 'to'>> {
    const today = dayAt(this.#options.now(), await this.#zone(shop));
    return { from: dayText(today - days + 1), to: dayText(today) };
  }

  /** How old the open tickets are now. */
  async tickets({ shop, agent }: Pick<ReportWanted, 'shop' | 'agent'>): Promise<TicketAgesView> {
    const { storage, now } = this.#options;
    const [open, names] = await Promise.all([storage.openTickets(shop), this.#names(shop)]);
    const own = agent === null ? open : open.filter((ticket) => ticket.agent === agent);
    return { ...ticketAges(own, now()), scope: agent === null ? 'shop' : 'own', names };
  }

  async #report({ shop, from, to, agent }: ReportWanted): Promise<ReportView> {
    const { storage } = this.#options;
    const [zone, names] = await Promise.all([this.#zone(shop), this.#names(shop)]);
    const sums = new ReportSums(zone);
    for await (const facts of storage.facts(shop, midnightOf(from, zone), midnightOf(dayAfter(to), zone))) {
      await added(sums, facts, agent);
    }
    const report = await finished(sums);
    return { ...report, from, to, zone, scope: agent === null ? 'shop' : 'own', names };
  }

  async #zone(shop: string): Promise<string> {
    const { hours } = await this.#options.settings.of(shop);
    return hours?.zone ?? this.#options.zone;
  }

  async #names(shop: string): Promise<ReportView['names']> {
    const { storage, settings } = this.#options;
    const [{ topics }, team] = await Promise.all([settings.of(shop), storage.agents(shop)]);
    const agents = Object.fromEntries(team.map(({ id, name }) => [id, name]));
    return { agents, topics: Object.fromEntries(topics.map(({ id, name }) => [id, name])) };
  }
}

/** `agent`: only what that one had; null: all. */
async function added(sums: ReportSums, facts: Iterable<ConversationFact>, agent: string | null): Promise<void> {
  let began = performance.now();
  let looked = 0;
  for (const fact of facts) {
    if (agent === null || fact.agent === agent) sums.add(fact);
    looked += 1;
    if (looked % LOOKS !== 0 || performance.now() - began < SLICE_MS) continue;
    await turn();
    began = performance.now();
  }
}

async function finished(sums: ReportSums): Promise<Report> {
  const steps = sums.finishing();
  let began = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - began < SLICE_MS) continue;
    await turn();
    began = performance.now();
  }
}

/** Whoever waits for the thread has it in between. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Days from one to the other, both within; null: one of them is none, or they are the wrong way round. */
export function daysFrom(from: string, to: string): number | null {
  if (!isDay(from) || !isDay(to)) return null;
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  return days >= 1 ? days : null;
}

function isDay(text: string): boolean {
  const ms = /^[12]\d{3}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}
