import { TICKET_AGE_DAYS, type TicketAge, type TicketAges } from '../protocol/report.ts';

const DAY_MS = 86_400_000;

/** A ticket that is not solved. Times in milliseconds since the epoch. */
export type OpenTicket = {
  readonly topic: string | null;
  readonly agent: string | null;
  readonly since: number;
  readonly state: 'open' | 'pending';
  readonly dueAt: number | null;
};

/** How old the tickets are now that nobody has solved, by who has them and what they are about. */
export function ticketAges(tickets: readonly OpenTicket[], now: number): TicketAges {
  const agents: Record<string, TicketAge> = {};
  const topics: Record<string, TicketAge> = {};
  const total = noTickets();
  for (const ticket of tickets) {
    add(total, ticket, now);
    add((agents[ticket.agent ?? ''] ??= noTickets()), ticket, now);
    add((topics[ticket.topic ?? ''] ??= noTickets()), ticket, now);
  }
  return { total, agents, topics };
}

function noTickets(): TicketAge {
  return {
    tickets: 0,
    byAge: Array.from({ length: TICKET_AGE_DAYS.length + 1 }, () => 0),
    pending: 0,
    late: 0,
    oldestMs: 0,
  };
}

function add(age: TicketAge, { since, state, dueAt }: OpenTicket, now: number): void {
  // A clock that was set back makes nothing younger than new.
  const ms = Math.max(0, now - since);
  const young = TICKET_AGE_DAYS.findIndex((days) => ms < days * DAY_MS);
  const band = young === -1 ? TICKET_AGE_DAYS.length : young;
  age.tickets += 1;
  age.byAge[band] = (age.byAge[band] ?? 0) + 1;
  if (state === 'pending') age.pending += 1;
  else if (dueAt !== null && dueAt < now) age.late += 1;
  age.oldestMs = Math.max(age.oldestMs, ms);
}
