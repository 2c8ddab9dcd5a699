/** What is left out of the text of a library while we build: told by its lines, so that another version of it fails the build. */
export type Cut = {
  /** Beginning of the first line. */
  from: string;
  /** Whole text of the last line. */
  to: string;
  /** What stands there instead. */
  instead?: string;
};

/** The whole of a function or method, told by its first line. */
export const whole = (from: string, instead = ''): Cut => ({ from, to: from.replace(/\S.*/s, '}'), instead });
export const line = (text: string, instead = ''): Cut => ({ from: text, to: text, instead });

/** Throws where the text is another one than was cut before. */
export function cutOut(library: string, code: string, cuts: readonly Cut[]): string {
  return cuts
    .reduce((lines, { from, to, instead = '' }) => {
      const start = lines.findIndex((text) => text.startsWith(from));
      const end = lines.indexOf(to, start);
      if (start < 0 || end < 0) throw new Error(`${library} has no “${from}” to leave out: look at it anew.`);
      return [...lines.slice(0, start), instead, ...lines.slice(end + 1)];
    }, code.split('\n'))
    .join('\n');
}
