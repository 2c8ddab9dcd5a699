/** HTML that is safe to put into a page as it is. Made by `html` only. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Markup[] | false | undefined;

/** Builds markup; every interpolated string is escaped, markup and lists of markup go in as they are. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? '';
  parts.forEach((part, index) => {
    text += partText(part) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

/** A JSON-LD data block; `<` is escaped so no text in the data can end the script element. */
export function jsonLd(data: object): Markup {
  const json = JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
  return new Markup(`<script type="application/ld+json">${json}</script>`);
}

function partText(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
  return part.map((markup) => markup.text).join('');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
