import { kinds } from './catalogue.ts';
import { html, type Markup } from './markup.ts';
import { words, type Language } from './words.ts';

export type ShopOptions = {
  /** The shop's public key, as the widget's script tag carries it. */
  readonly shopKey: string;
  /** Where the widget's loader is served: absolute, or a path on the same origin. */
  readonly widgetUrl: string;
  /** Where the shop itself is served, ending in a slash; only structured data needs to know. */
  readonly baseUrl?: string;
};

export type Page = {
  /** Below the shop's root, as in `product/espresso-cup.html`. */
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly body: Markup;
  readonly language?: Language;
  /** Names in assets/, without their endings. */
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
  readonly head?: Markup;
};

/** From a page to the shop's root, as relative links need it: '' or '../'. */
export function rootOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1);
}

/** A whole document around a page's body. */
export function renderPage(page: Page, shop: ShopOptions): string {
  const language = page.language ?? 'en';
  const root = rootOf(page.path);
  const document = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title}</title>
        <meta name="description" content="${page.description}" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" type="image/svg+xml" href="${root}assets/images/mark.svg" />
        ${['base', 'controls', 'shell', 'cart', ...(page.styles ?? [])].map(
          (name) => html`<link rel="stylesheet" href="${root}assets/${name}.css" />`,
        )}
        ${['shell', ...(page.scripts ?? [])].map(
          (name) => html`<script type="module" src="${root}assets/${name}.js"></script>`,
        )}
        ${page.head}
      </head>
      <body>
        ${header(page, language, root)}
        <main id="main" tabindex="-1">${page.body}</main>
        ${footer(language, root)} ${cartDrawer(language, root)}
        <script async src="${shop.widgetUrl}" data-shop="${shop.shopKey}"></script>
      </body>
    </html> `;
  return document.text;
}

function header(page: Page, language: Language, root: string): Markup {
  const text = words[language];
  const other = language === 'en' ? { href: `${root}es/`, lang: 'es' } : { href: root, lang: 'en' };
  return html`<a class="skip-link" href="#main">${text.skip}</a>
    <header>
      <p class="notice">${text.notice}</p>
      <div class="site-header">
        <a class="brand" href="${language === 'en' ? root || './' : './'}" aria-label="${text.home}">
          <img src="${root}assets/images/mark.svg" alt="" width="34" height="34" /><span>Casa Lumbre</span>
        </a>
        <nav class="site-nav" aria-label="${text.mainMenu}">
          <ul>
            <li><a href="${root}category.html" ${current(page.path === 'category.html')}>${text.everything}</a></li>
            ${kinds.map((kind) => html`<li><a href="${root}category.html?kind=${kind}">${text.kinds[kind]}</a></li>`)}
          </ul>
        </nav>
        <div class="site-tools">
          <a class="language" href="${other.href}" lang="${other.lang}" hreflang="${other.lang}"
            >${text.otherLanguage}</a
          >
          <button
            type="button"
            class="cart-button"
            id="cart-button"
            data-testid="cart-button"
            aria-controls="cart-drawer"
            aria-expanded="false"
          >
            ${text.cart} <span class="cart-count" data-testid="cart-count">0</span>
          </button>
        </div>
      </div>
    </header>`;
}

function footer(language: Language, root: string): Markup {
  const text = words[language];
  return html`<footer class="site-footer">
    <div class="site-footer-inner">
      <div>
        <p class="footer-brand">Casa Lumbre</p>
        <p>${text.footerLine}</p>
      </div>
      <div>
        <h2>${text.footerShop}</h2>
        <ul>
          ${kinds.map((kind) => html`<li><a href="${root}category.html?kind=${kind}">${text.kinds[kind]}</a></li>`)}
        </ul>
      </div>
      <div>
        <h2>${text.footerService}</h2>
        <ul>
          ${text.footerFacts.map((fact) => html`<li>${fact}</li>`)}
        </ul>
      </div>
      <p class="footer-small">${text.footerSmall}</p>
    </div>
  </footer>`;
}

function cartDrawer(language: Language, root: string): Markup {
  const text = words[language];
  return html`<div class="scrim" id="cart-scrim" hidden></div>
    <aside
      class="cart-drawer"
      id="cart-drawer"
      data-testid="cart-drawer"
      aria-labelledby="cart-drawer-title"
      tabindex="-1"
      inert
    >
      <header>
        <h2 id="cart-drawer-title">${text.drawerTitle}</h2>
        <button type="button" class="round-button" id="cart-close" aria-label="${text.close}">
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" /></svg>
        </button>
      </header>
      <ul class="cart-lines" data-cart-lines></ul>
      <div class="cart-drawer-end" data-cart-filled>
        <p class="sum-row"><span>${text.subtotal}</span> <strong data-cart-subtotal></strong></p>
        <a class="button" href="${root}checkout.html" data-testid="drawer-checkout">${text.checkout}</a>
        <a class="button quiet" href="${root}cart.html" data-testid="drawer-view-cart">${text.viewCart}</a>
        <p class="launcher-room">${text.drawerNote}</p>
      </div>
    </aside>`;
}

function current(isCurrent: boolean): Markup | false {
  return isCurrent && html`aria-current="page"`;
}
