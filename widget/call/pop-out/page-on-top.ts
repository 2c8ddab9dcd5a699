/**
 * The call in a small window on top that belongs to the shop's page: for shops whose pages cannot reach a window of the service's.
 * Loaded when the shopper asks for it.
 */
import { mount, unmount } from 'svelte';
import type { CallStep } from '../../panel/steps/call-step.svelte.ts';
import { words } from '../../panel/words.ts';
import { openOnTop } from './keep-on-top.ts';
import type { CallPlace } from './place.ts';
import PageOnTop from './PageOnTop.svelte';
import windowCss from './window.css?inline';

/** From a click. The page's own stage is empty until that window is closed. */
export async function putOnTop(step: CallStep, counter: CallPlace): Promise<void> {
  const top = await openOnTop();
  if (!top) return;
  top.document.title = words.menu_video();
  const element = top.document.createElement('mostrador-window');
  const root = element.attachShadow({ mode: 'open' });
  // Style sheets belong to a document.
  root.adoptedStyleSheets = [...step.sheets.map(textOf), windowCss].map((text) => {
    const sheet = new (top as Window & typeof globalThis).CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  const target = document.createElement('div');
  target.className = 'mount';
  root.append(target);
  top.document.body.append(element);
  step.onTop = top;
  const shown = mount(PageOnTop, { target, props: { counter, step } });
  top.addEventListener('pagehide', () => {
    void unmount(shown);
    if (step.onTop === top) step.onTop = null;
  });
}

const textOf = (sheet: CSSStyleSheet): string => [...sheet.cssRules].map(({ cssText }) => cssText).join('');
