import { sizeText } from '../../../client/core/files/size-text.ts';
import { locale, words } from '../words.ts';

/** Why a file is not taken, as a person would say it; null where it is not for a reason of files. */
export function problemSentence({ reason, bytesMax }: { reason: string; bytesMax?: number }): string | null {
  switch (reason) {
    case 'file-type':
      return words.file_refused_type();
    case 'file-too-large':
      return bytesMax ? words.file_refused_large({ size: sizeText(bytesMax, locale) }) : words.file_refused_large_any();
    case 'file-empty':
      return words.file_refused_empty();
    case 'file-false':
      return words.file_refused_false();
    case 'file-gone':
      return words.file_refused_gone();
    case 'files-full':
      return words.file_refused_full();
    case 'too-many':
    case 'too-fast':
      return words.file_refused_many();
    default:
      return null;
  }
}
