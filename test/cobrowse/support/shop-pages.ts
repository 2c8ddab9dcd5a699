/** A small shop with everything that has been wrong in a replay before. Its pages work under a strict policy. */

const CARDS = Array.from(
  { length: 24 },
  (_, index) => `<li class="card" data-kind="${index % 3 === 0 ? 'lamp' : 'vase'}">
    <a href="/shop/thing?id=${index}"><img src="/shop/thing.svg?w=64" alt="Thing ${index}" width="64" height="64"></a>
    <h3>Thing ${index}</h3><p class="price">€ ${index + 9}.00</p><button type="button">Add</button></li>`,
).join('');

export const HOME = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="csrf-token" content="SECRET-csrf">
  <title>Casa Lina</title>
  <link rel="icon" href="data:,"><link rel="stylesheet" href="/shop/shop.css">
</head>
<body>
  <!-- SECRET-comment -->
  <header><h1>Casa Lina</h1><nav><a href="/shop/next.html?session=SECRET-link">Sale</a> <button id="open-cart" popovertarget="cart">Cart</button></nav></header>
  <main>
    <section class="carousel" aria-label="Carousel"><p class="slide" data-state="shown">First slide</p><p class="slide" data-state="away">Second slide</p></section>
    <form id="filter"><label><input type="checkbox" name="lamp" value="SECRET-checkbox"> Lamps only</label>
      <select name="sort" aria-label="Sort"><option value="a">Cheapest</option><option value="b">Newest</option></select></form>
    <ul class="cards">${CARDS}</ul>
    <form id="checkout">
      <input name="name" aria-label="Name"><textarea name="note" aria-label="Note">SECRET-note</textarea>
      <input type="password" name="secret" aria-label="Password">
      <input name="number" autocomplete="cc-number" aria-label="Card">
      <input type="hidden" name="basket" value="SECRET-hidden">
      <input type="submit" value="Order now">
      <div id="editor" contenteditable="true">SECRET-editor</div>
      <p data-mostrador-mask id="address">SECRET-address</p>
      <div data-mostrador-block id="blocked"><p>SECRET-blocked</p></div>
    </form>
    <shop-rating id="rating"></shop-rating>
    <iframe id="inner" title="inner" srcdoc="<p>In a frame</p><input value='SECRET-frame'>"></iframe>
    <output id="step">0</output>
  </main>
  <dialog id="dialog"><h2>Size guide</h2><form method="dialog"><button id="close-dialog">Close</button></form></dialog>
  <div id="cart" popover><p>Your cart</p></div>
  <div id="widget-host"></div>
  <script src="/shop/shop.js"></script>
  <script src="/shopper.js" type="module"></script>
</body></html>`;

export const NEXT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sale</title>
  <meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/shop/shop.css"></head>
  <body><main><h1>Everything must go</h1><output id="step">0</output></main><div id="widget-host"></div>
  <script src="/shop/shop.js"></script><script src="/shopper.js" type="module"></script></body></html>`;

const CSS = `
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 sans-serif; color: #222; }
header { display: flex; justify-content: space-between; padding: 12px 24px; border-bottom: 1px solid #ddd; position: sticky; top: 0; background: #fff; }
main { padding: 24px; }
.slide { display: none; padding: 40px; background: #f3ece4; font-size: 28px; }
.slide[data-state="shown"] { display: block; }
.cards { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 16px; }
.card { border: 1px solid #ddd; border-radius: 8px; padding: 12px; }
.card:hover { border-color: #b3261e; }
form { display: grid; gap: 8px; max-width: 420px; margin: 24px 0; }
.drawer { position: fixed; inset: 0 0 0 auto; width: 260px; background: #fff; padding: 20px; box-shadow: 0 0 20px #0003; }
html { scroll-behavior: smooth; }
@media (max-width: 600px) { .cards { grid-template-columns: 1fr 1fr; } main { padding: 12px; } }
`;

const SCHEME_CSS = `
body { outline-color: rgb(1, 1, 1); }
@media (prefers-color-scheme: dark) { body { outline-color: rgb(2, 2, 2); } }
`;

/** `window.steps`: ten changes as a shop's own scripts make them. */
const SCRIPT = `
'use strict';
const make = (tag, properties = {}, ...children) => { const node = Object.assign(document.createElement(tag), properties); node.append(...children); return node; };
const find = (selector) => document.querySelector(selector);
customElements.define('shop-rating', class extends HTMLElement {
  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('p { color: #b3261e; font-weight: bold }');
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [sheet];
    this.shadowRoot.append(make('p', { textContent: 'Four stars' }));
  }
});
if (find('#widget-host')) {
  const root = find('#widget-host').attachShadow({ mode: 'open' });
  root.append(make('p', { textContent: 'SECRET-widget' }));
  window.sayInWidget = (text) => root.append(make('p', { textContent: text }));
}
window.steps = [
  () => { for (const card of document.querySelectorAll('.card')) card.hidden = card.dataset.kind !== 'lamp'; },
  () => { const [first, second] = document.querySelectorAll('.slide'); first.dataset.state = 'away'; second.dataset.state = 'shown'; second.style.opacity = '0.5'; },
  () => document.body.append(make('aside', { className: 'drawer' }, make('h2', { textContent: 'Cart' }), make('ul', {}, make('li', { textContent: 'Thing 3' })))),
  () => { find('.drawer').remove(); document.querySelectorAll('.slide')[1].style.opacity = '1'; },
  () => find('#dialog').showModal(),
  () => find('#dialog').close(),
  () => find('.cards').replaceChildren(...Array.from({ length: 12 }, (_, i) => make('li', { className: 'card' }, make('h3', { textContent: 'New ' + i }), make('p', { className: 'price', textContent: '€ ' + i })))),
  () => { const cards = find('.cards'); cards.append(...[...cards.children].reverse()); },
  () => { find('h1').textContent = 'Casa Lina — Sale'; find('#rating').shadowRoot.querySelector('p').textContent = 'Five stars'; find('#rating').shadowRoot.append(make('small', { textContent: '12 votes' })); },
  () => { const rating = make('shop-rating'); find('main').prepend(make('section', { className: 'new' }, rating, make('p', { textContent: 'Typed' }))); document.title = 'Sale at Casa Lina'; find('#cart').showPopover(); },
];
`;

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>`;

export const SHOP_PAGES: Record<string, string> = {
  'home.html': HOME,
  'next.html': NEXT,
  'shop.css': CSS,
  'scheme.css': SCHEME_CSS,
  'shop.js': SCRIPT,
  'thing.svg': SVG,
};

declare global {
  interface Window {
    steps: (() => void)[];
    sayInWidget(text: string): void;
  }
}
