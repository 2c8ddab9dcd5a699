import type { Counter } from '../panel/counter.svelte.ts';
import ArticleView from './ArticleView.svelte';
import Beside from './Beside.svelte';
import css from './help.css?inline';
import { Help } from './help.svelte.ts';
import { loadWords } from './words.ts';

let styled: ShadowRoot | null = null;

/** What a shop has beside a person; loaded when the panel is open and there is something of it. */
export async function startHelp(counter: Counter) {
  const { root, locale } = counter.host;
  await loadWords(locale);
  if (styled !== root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets.push(sheet);
    styled = root;
  }
  return { help: new Help(counter), ArticleView, Beside };
}
