import { mount } from 'svelte';
import { accentOf } from '../../loader/accent.ts';
import { chooseLocale } from '../../loader/locale.ts';
import panelCss from '../../panel/panel.css?inline';
import stepsCss from '../../panel/steps/steps.css?inline';
import { loadWords, words } from '../../panel/words.ts';
import callCss from '../call.css?inline';
import qualityCss from '../quality.css?inline';
import CallWindow from './CallWindow.svelte';
import { askOpener } from './handshake.ts';
import { keepOnTop } from './keep-on-top.ts';
import { WindowCall } from './window-call.svelte.ts';
import windowCss from './window.css?inline';

/** Style sheets belong to a document: an element that moves into another one needs new ones. */
function dress(root: ShadowRoot, accent: string): void {
  const [colour, ink] = accentOf(accent);
  const texts = [`:host{--accent:${colour};--ink:${ink}}`, panelCss, stepsCss, callCss, qualityCss, windowCss];
  const Sheet = root.ownerDocument.defaultView?.CSSStyleSheet ?? CSSStyleSheet;
  root.adoptedStyleSheets = texts.map((text) => {
    const sheet = new Sheet();
    sheet.replaceSync(text);
    return sheet;
  });
}

async function start(): Promise<void> {
  const ground = new CSSStyleSheet();
  ground.replaceSync(
    'html{background:#101216;color:#d5d8de;font:15px/1.5 system-ui,sans-serif}p{margin:40vh auto 0;max-width:34ch;text-align:center}',
  );
  document.adoptedStyleSheets = [ground];
  const answer = await askOpener();
  const locale = answer?.handed.locale ?? chooseLocale('', navigator.languages);
  await loadWords(locale);
  document.documentElement.lang = locale;
  const say = (text: string): HTMLElement => {
    const line = document.createElement('p');
    line.textContent = text;
    document.body.append(line);
    return line;
  };
  if (!answer) {
    say(words.window_lost());
    // Where the browser lets a window close itself, nobody has to read this.
    window.close();
    return;
  }
  const element = document.createElement('mostrador-window');
  const root = element.attachShadow({ mode: 'open' });
  const target = document.createElement('div');
  target.className = 'mount';
  root.append(target);
  document.body.append(element);
  const call = new WindowCall({ ...answer, element });
  dress(root, '');
  let behind: HTMLElement | null = null;
  const moved = (onTop: boolean): void => {
    call.onTop = onTop;
    dress(root, call.shop?.accent ?? '');
    for (const video of root.querySelectorAll('video')) void video.play().catch(() => {});
    behind?.remove();
    behind = onTop ? say(words.window_on_top_now()) : null;
  };
  mount(CallWindow, {
    target,
    props: { call, onkeep: () => void keepOnTop(element, moved), onshop: (accent: string) => dress(root, accent) },
  });
  addEventListener('pagehide', () => call.close());
}

void start();
