import type { SaidQuality } from '../../client/core/call/said-quality.ts';
import { locale } from '../panel/words.ts';
import type * as english from './words/compiled/messages/en.js';

type Catalogue = typeof english;
export type QualityWords = {
  readonly [K in keyof Catalogue]: object extends Parameters<Catalogue[K]>[0]
    ? () => string
    : (inputs: Parameters<Catalogue[K]>[0]) => string;
};

/** Loaded with the first call, in the language of the counter; not part of what a shopper who only writes pays for. */
export async function loadQualityWords(): Promise<QualityWords> {
  const catalogue = locale.startsWith('es')
    ? await import('./words/compiled/messages/es.js')
    : await import('./words/compiled/messages/en.js');
  return catalogue as unknown as QualityWords;
}

/** How the call goes, in a sentence. */
export function qualitySentence(words: QualityWords, { level, reason, side }: SaidQuality, name: string): string {
  if (level === 'good') return reason === 'relayed' ? words.quality_relayed() : words.quality_good();
  const own = side === 'own';
  switch (reason) {
    case 'lossy':
      return own ? words.own_lossy() : words.their_lossy({ name });
    case 'late':
      return own ? words.own_late() : words.their_late({ name });
    case 'busy':
      return own ? words.own_busy() : words.their_busy({ name });
    case 'cut':
      return own ? words.own_cut() : words.their_cut({ name });
    case 'slow':
    case 'relayed':
    case null:
      return own ? words.own_slow() : words.their_slow({ name });
  }
}
