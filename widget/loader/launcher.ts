import type { ShopView } from '../../server/protocol/views.ts';
import { accentOf } from './accent.ts';
import type { LauncherState } from './contract.ts';
import { LAUNCHER_WORDS } from './launcher-words.ts';
import css from './launcher.css?inline';
import type { Locale } from './locale.ts';

const ICONS = {
  chat: 'M4 19.5 5.2 16A8 7.6 0 1 1 8.4 18.9zM8.5 12h.01M12 12h.01M15.5 12h.01',
  down: 'm6 9.5 6 6 6-6',
  call: 'M15 10.5 20.5 7v10L15 13.5M5 6h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z',
} as const;

export type Launcher = {
  element: HTMLElement;
  root: ShadowRoot;
  draw(state: LauncherState): void;
  /** `loading`: the panel is on its way · `failed`: it could not be loaded · `idle`. */
  say(state: 'idle' | 'loading' | 'failed'): void;
  focus(): void;
};

/** The round button in the corner, inside a shadow root that everything of the widget lives in. */
export function drawLauncher(shop: ShopView, locale: Locale, onClick: () => void): Launcher {
  const words = LAUNCHER_WORDS[locale];
  const element = document.createElement('mostrador-widget');
  element.lang = locale;
  const root = element.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  const [accent, ink] = accentOf(shop.accent);
  sheet.replaceSync(`:host{--accent:${accent};--ink:${ink}}${css}`);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement('button');
  button.className = 'launcher';
  button.type = 'button';
  const icons = Object.fromEntries(
    Object.entries(ICONS).map(([name, path]) => {
      const icon = drawIcon(path);
      button.append(icon);
      return [name, icon];
    }),
  );
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.ariaHidden = 'true';
  button.append(badge);
  const failed = document.createElement('div');
  failed.className = 'failed';
  failed.setAttribute('role', 'alert');
  failed.hidden = true;
  root.append(button, failed);
  button.addEventListener('click', onClick);

  const draw = ({ open, unread, call }: LauncherState): void => {
    const shown = open ? 'down' : call ? 'call' : 'chat';
    for (const [name, icon] of Object.entries(icons)) icon.toggleAttribute('data-shown', name === shown);
    const name = open
      ? words.launcher_close()
      : call
        ? words.launcher_call()
        : words.launcher_open({ shop: shop.name });
    const news = unread > 0 && !open;
    button.setAttribute('aria-label', news ? `${name}, ${words.launcher_unread({ count: unread })}` : name);
    button.setAttribute('aria-expanded', String(open));
    badge.hidden = !news;
    badge.textContent = unread > 99 ? '99+' : String(unread);
  };
  draw({ open: false, unread: 0, call: false });

  return {
    element,
    root,
    draw,
    say(state) {
      button.setAttribute('aria-busy', String(state === 'loading'));
      failed.hidden = state !== 'failed';
      failed.textContent = state === 'failed' ? words.launcher_failed() : '';
    },
    focus: () => button.focus(),
  };
}

function drawIcon(path: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}
