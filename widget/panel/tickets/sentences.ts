import type { TicketView } from '../../../server/protocol/views.ts';
import { momentOf } from '../line/when.ts';
import type { TicketNote } from '../sentences.ts';
import { locale } from '../words.ts';
import type * as english from './words/compiled/messages/en.js';

type Catalogue = typeof english;
type TicketWords = {
  readonly [K in keyof Catalogue]: object extends Parameters<Catalogue[K]>[0]
    ? () => string
    : (inputs: Parameters<Catalogue[K]>[0]) => string;
};

/** There before anything of tickets is drawn. */
export let words: TicketWords;

export async function loadTicketWords(): Promise<void> {
  const catalogue = locale.startsWith('es')
    ? await import('./words/compiled/messages/es.js')
    : await import('./words/compiled/messages/en.js');
  words = catalogue as unknown as TicketWords;
}

/** Whose turn it is, and when the shopper hears from the shop. */
export function turnSentence({ state, dueAt }: TicketView, now: number): string {
  if (state === 'pending') return words.your_turn();
  if (dueAt === null) return words.no_due();
  return dueAt < now ? words.late() : words.due({ when: momentOf(dueAt, now) });
}

/** Empty where it is nothing to the shopper. */
export function noteSentence(note: TicketNote): string {
  switch (note.type) {
    case 'ticket-made':
      return words.note_made({ number: note.number });
    case 'ticket-changed':
      if (note.state === 'open') return words.note_open();
      if (note.state === 'pending') return words.note_pending();
      return note.by.side === 'agent' ? words.note_solved({ name: note.by.name }) : words.note_solved_own();
    case 'ticket-owner':
      return note.to ? words.note_owner({ name: note.to.name }) : '';
    case 'mail-sent':
      return note.what === 'transcript' ? words.note_transcript() : words.note_mailed();
    case 'mail-failed':
      return note.again ? words.note_later() : words.note_refused();
    case 'mail-files-refused':
      return words.note_files_refused({ names: note.files.map(({ name }) => name).join(', ') });
  }
}
