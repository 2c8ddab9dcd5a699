import type { FileRefused } from '../../../server/protocol/file.ts';
import { sizeText } from '../../core/files/size-text.ts';
import { refusalSentence } from '../ui/refusal-words.ts';
import { language, w } from '../words.ts';

/** Why a file is not taken, and what to do next. */
export function problemSentence({ reason, bytesMax }: FileRefused): string {
  if (reason === 'file-too-large' && bytesMax) return w.file_refused_large_than({ size: sizeText(bytesMax, language) });
  if (reason === 'too-many' || reason === 'too-fast') return w.file_refused_many();
  return refusalSentence(reason);
}
