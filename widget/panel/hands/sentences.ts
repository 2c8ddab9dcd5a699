import type { HandsDid } from '../../../server/protocol/hands.ts';
import type { HandsNote } from '../sentences.ts';
import { locale } from '../words.ts';
import type * as english from './words/compiled/messages/en.js';

type Catalogue = typeof english;
export type HandsWords = {
  readonly [K in keyof Catalogue]: object extends Parameters<Catalogue[K]>[0]
    ? () => string
    : (inputs: Parameters<Catalogue[K]>[0]) => string;
};

/** There before anything of the hands is drawn. */
export let handsWords: HandsWords;

export async function loadHandsWords(): Promise<void> {
  const catalogue = locale.startsWith('es')
    ? await import('./words/compiled/messages/es.js')
    : await import('./words/compiled/messages/en.js');
  handsWords = catalogue as unknown as HandsWords;
}

export function noteSentence(note: HandsNote): string {
  const { name } = note.agent;
  switch (note.type) {
    case 'hands-started':
      return handsWords.note_started({ name });
    case 'hands-refused':
      return handsWords.note_refused();
    case 'hands-stopped':
      return handsWords.note_stopped({ name });
    case 'hands-acted':
      return didSentence(name, note.did, note.what);
  }
}

export function didSentence(name: string, did: HandsDid, element: string): string {
  const what = element ? handsWords.quoted({ what: element }) : handsWords.something();
  switch (did) {
    case 'scrolled':
      return handsWords.did_scrolled({ name });
    case 'went-back':
      return handsWords.did_went_back({ name });
    case 'clicked':
      return handsWords.did_clicked({ name, what });
    case 'followed':
      return handsWords.did_followed({ name, what });
    case 'chose':
      return handsWords.did_chose({ name, what });
    case 'ticked':
      return handsWords.did_ticked({ name, what });
    case 'unticked':
      return handsWords.did_unticked({ name, what });
    case 'filled':
      return handsWords.did_filled({ name, what });
  }
}
