import type { Step } from '../../../server/protocol/entry.ts';
import { refusalSentence } from '../ui/refusal-words.ts';
import { w } from '../words.ts';

type TicketStep = Extract<Step, { type: `ticket-${string}` | `mail-${string}` }>;

export function isTicketStep(step: Step): step is Step & TicketStep {
  return /^(ticket|mail)-/.test(step.type);
}

/** What became of a ticket, and of its mails; `you` is the reader's agent id. */
export function ticketSentence(step: TicketStep, you: string): string {
  switch (step.type) {
    case 'ticket-made': {
      const { number, by } = step;
      if (!by) return w.step_ticket_left({ number });
      return by.id === you ? w.step_ticket_made({ number }) : w.step_ticket_made_by({ name: by.name, number });
    }
    case 'ticket-changed':
      return changed(step, you);
    case 'ticket-owner': {
      const { by, to } = step;
      if (!to) return w.step_ticket_given_up();
      if (to.id === you) return w.step_ticket_yours();
      return to.id === by.id ? w.step_ticket_taken_by({ name: to.name }) : w.step_ticket_given_to({ to: to.name });
    }
    case 'mail-sent':
      return step.what === 'transcript' ? w.step_mail_sent_transcript() : w.step_mail_sent();
    case 'mail-failed':
      return failed(step);
    case 'mail-files-refused': {
      const files = step.files.map(({ name, reason }) => `${name}: ${refusalSentence(reason)}`);
      return [w.step_mail_files(), ...files].join(' ');
    }
  }
}

function failed({ reason, again, to }: Extract<TicketStep, { type: 'mail-failed' }>): string {
  switch (reason) {
    case 'refused':
      return to === undefined ? w.step_mail_refused() : w.step_mail_refused_to({ to });
    case 'bounced':
      return again ? w.step_mail_delayed({ to: to ?? '' }) : w.step_mail_bounced({ to: to ?? '' });
    case 'unreachable':
      if (again) return w.step_mail_later();
      return to === undefined ? w.step_mail_given_up() : w.step_mail_given_up_to({ to });
  }
}

function changed({ state, by }: Extract<TicketStep, { type: 'ticket-changed' }>, you: string): string {
  const name = by.side === 'agent' && by.id !== you ? by.name : null;
  switch (state) {
    case 'open':
      if (by.side === 'shopper') return w.step_ticket_open_by_shopper();
      return name === null ? w.step_ticket_open() : w.step_ticket_open_by({ name });
    case 'pending':
      return name === null ? w.step_ticket_pending() : w.step_ticket_pending_by({ name });
    case 'solved':
      if (by.side === 'shopper') return w.step_ticket_solved_by_shopper();
      return name === null ? w.step_ticket_solved() : w.step_ticket_solved_by({ name });
  }
}
