import { ENDINGS } from './file-type.ts';

/** In UTF-16 code units, its ending included. */
const NAME_MAX = 120;
const ENDING_MAX = 12;
/** Controls of any kind, separators of lines, and what turns the direction of writing or cannot be seen. */
const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
/** What some system reads as a part of a path, a drive, a wildcard or a redirection. */
const UNSAFE = /[<>:"/\\|?*]/g;
/** Names of devices on Windows, whatever ending they have. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * A name that can be shown and that any system can save, made of what a stranger's browser says. Never a path. Its ending is
 * one of the type's: what is saved opens as what it was checked to be.
 */
export function safeName(said: string, type: string): string {
  const last = said.slice(-1_000).split(/[/\\]/).at(-1) ?? '';
  const plain = last.normalize('NFC').replace(UNSEEN, '').replace(UNSAFE, '_').replace(/\s+/g, ' ');
  // A dot in front hides a file; one at the end is lost on Windows.
  const bare = plain.replace(/^[.\s]+|[.\s]+$/g, '') || 'file';
  const { stem, ending } = split(bare, type);
  const short = cut(stem.replace(RESERVED, '_$1'), NAME_MAX - ending.length).replace(/[.\s]+$/, '');
  return `${short || 'file'}${ending}`;
}

function split(name: string, type: string): { stem: string; ending: string } {
  const ending = /\.[^.\s]+$/.exec(name)?.[0] ?? '';
  const known = ENDINGS[type];
  const fits = known ? known.includes(ending.slice(1).toLowerCase()) : ending.length <= ENDING_MAX;
  if (fits) return { stem: name.slice(0, name.length - ending.length), ending };
  return { stem: name, ending: known ? `.${known[0]}` : '' };
}

/** Never ends in half of what is seen as one sign. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, max + 20))) {
    if (kept.length + segment.length > max) break;
    kept += segment;
  }
  return kept;
}
