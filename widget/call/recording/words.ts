import { locale } from '../../panel/words.ts';
import type { QualityWords } from '../quality-words.ts';

export type RecordingWords = Pick<QualityWords, Extract<keyof QualityWords, `recording_${string}`>>;

/** In the language of the counter. */
export async function loadRecordingWords(): Promise<RecordingWords> {
  const catalogue = locale.startsWith('es')
    ? await import('../words/compiled/messages/es.js')
    : await import('../words/compiled/messages/en.js');
  return catalogue as unknown as RecordingWords;
}
