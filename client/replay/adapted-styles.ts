/** Where something begins or ends that decides what a brace means. */
const MARK = /["'{};]|\/\*/g;

/**
 * CSS text as the replay needs it: what `:hover` selects is selected by a class of that name as well, which is put where the
 * shopper's mouse is; and the size of a device is the size of the shopper's window. What rrweb does with a parser of its own
 * in a hundred times as long.
 */
export function adaptCss(css: string): string {
  if (!css.includes(':hover') && !css.includes('-device-')) return css;
  let adapted = '';
  let from = 0;
  MARK.lastIndex = 0;
  for (let mark = MARK.exec(css); mark; mark = MARK.exec(css)) {
    const at = mark.index;
    switch (mark[0]) {
      case '"':
      case "'":
        MARK.lastIndex = endOfString(css, at);
        break;
      case '/*': {
        const end = css.indexOf('*/', at + 2);
        MARK.lastIndex = end === -1 ? css.length : end + 2;
        break;
      }
      case '{':
        adapted += `${adaptPrelude(css.slice(from, at))}{`;
        from = at + 1;
        break;
      default:
        adapted += css.slice(from, at + 1);
        from = at + 1;
    }
  }
  return adapted + css.slice(from);
}

/** What stands before a block: selectors, or an at-rule. */
function adaptPrelude(prelude: string): string {
  if (prelude.trimStart().startsWith('@'))
    return prelude.replace(/\b(min|max)-device-(width|height|aspect-ratio)\b/g, '$1-$2');
  return prelude.includes(':hover') ? `${prelude},${prelude.replaceAll(':hover', '.\\:hover')}` : prelude;
}

function endOfString(css: string, at: number): number {
  for (let end = at + 1; end < css.length; end += 1) {
    if (css[end] === '\\') end += 1;
    else if (css[end] === css[at]) return end + 1;
  }
  return css.length;
}

/** In the place of rrweb's memory of what its parser made of a text: asked for one, it has made it already. */
export class AdaptedStyles extends Map<string, string> {
  override get(css: string): string {
    const known = super.get(css);
    if (known !== undefined) return known;
    const adapted = adaptCss(css);
    this.set(css, adapted);
    return adapted;
  }
}
