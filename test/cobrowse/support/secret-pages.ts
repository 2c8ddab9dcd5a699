/**
 * A page with a token in every place from which something can leave a browser. `SECRET`: never leaves · `TYPED`: only where the
 * shop has opened the field · `TEXT`: what the page says itself · a token names its place, so that a leak says where.
 */
export type Mode = 'usual' | 'open' | 'all';

const SETTINGS: Record<Mode, string> = {
  usual: 'data-query-allow="page"',
  open: 'data-query-allow="page"',
  all: 'data-query-allow="page" data-mask-text="all"',
};
const card = JSON.stringify({
  '@context': 'https://schema.org',
  '@type': 'Product',
  name: 'TEXT-json-ld',
  sku: 'SECRET-json-ld',
  url: '/shop/thing?id=SECRET-json-ld-url',
  offers: { price: 9, priceCurrency: 'EUR' },
});

function secretPage(mode: Mode): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>TEXT-title</title>
<meta name="csrf-token" content="SECRET-csrf"><meta name="viewport" content="width=device-width">
<meta property="og:description" content="SECRET-og"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop/secrets.css?key=SECRET-stylesheet">
<script type="application/ld+json">${card}</script>
<script type="text/plain" data-shop="demo" ${SETTINGS[mode]}>SECRET-script</script></head>
<body><!-- SECRET-comment --><main ${mode === 'open' ? 'data-mostrador-unmask' : ''}>
<h1 title="TEXT-title-attribute" aria-label="TEXT-aria">TEXT-heading</h1>
<article itemscope itemtype="https://schema.org/Product"><h2 itemprop="name">TEXT-microdata</h2>
  <a itemprop="url" href="/shop/a?id=SECRET-product-link">more</a><img itemprop="image" src="/shop/thing.svg?sig=SECRET-product-image" alt="TEXT-alt"></article>
<form id="form" action="/shop/pay?key=SECRET-action">
  ${['text', 'email', 'tel', 'search', 'url'].map((type) => `<input type="${type}" name="a-${type}" placeholder="TEXT-placeholder-${type}">`).join('')}
  <input type="number" name="a-number"><input class="rr-ignore" name="a-ignored"><textarea name="a-note">TYPED-default-note</textarea>
  <select name="a-select"><option value="SECRET-option-value">TEXT-option</option><option value="SECRET-option-chosen" selected>TEXT-chosen</option></select>
  <input type="hidden" name="a-hidden" value="SECRET-hidden"><input type="password" name="a-pass">
  <input type="password" name="shown"><input name="cardnumber"><input name="a-cc" autocomplete="cc-csc"><input name="otp">
  <input name="a-code" autocomplete="one-time-code"><input name="a-looks-like-a-card">
  <input type="radio" name="a-radio" value="SECRET-radio"><input type="checkbox" name="a-box" value="SECRET-box">
  <button value="SECRET-button" type="button">TEXT-button</button><input type="submit" value="TEXT-submit">
</form>
<div id="editor" contenteditable="true">TYPED-editor</div>
<div data-customer="SECRET-data" ng-reflect-name="SECRET-framework" hx-vals="SECRET-vals">TEXT-div</div>
<a id="link" href="/shop/next.html?page=2&session=SECRET-query#SECRET-fragment">TEXT-link</a>
<a href="/shop/next.html#SECRET-short">one</a><a href="#SECRET-anchor">two</a><a href="http://SECRET-user@shop.example/">three</a>
<a href="mailto:shop@shop.example?subject=SECRET-mail">four</a><a href="data:text/plain,SECRET-data-link">five</a>
<img src="/shop/thing.svg?key=SECRET-image" srcset="/shop/thing.svg?key=SECRET-srcset 2x" alt="">
<video poster="/shop/thing.svg?key=SECRET-poster" src="/shop/film.mp4?key=SECRET-video"></video>
<div id="styled"></div>
<section data-mostrador-mask title="SECRET-mask-title" aria-label="SECRET-mask-aria"><p id="masked">SECRET-masked</p><input name="in-mask">
  <a href="/SECRET-mask-path">SECRET-mask-link</a><input type="submit" value="SECRET-mask-label"><canvas id="drawn" width="20" height="20"></canvas></section>
<section data-mostrador-block><p>SECRET-blocked</p></section>
<noscript><p>SECRET-noscript</p></noscript><template><p>SECRET-template</p></template>
<shop-part id="part"></shop-part><shop-closed id="closed"></shop-closed>
<iframe id="inner" title="inner" srcdoc="<p title='TEXT-frame-title'>TEXT-frame</p><input name='in-frame'><input type='hidden' value='SECRET-frame-hidden'><!-- SECRET-frame-comment -->"></iframe>
<p class="lettered">TEXT-lettered</p></main><output id="step" data-mostrador-unmask>0</output><div id="widget-host"></div>
<script src="/shop/secrets.js"></script><script src="/shopper.js" type="module"></script></body></html>`;
}

const CSS = `
@font-face { font-family: Real; src: url('/shop/real.woff2?key=SECRET-font-address') }
@font-face { font-family: Fake; src: url('/shop/fake.woff2?key=SECRET-fake-address') }
.lettered { font-family: Real, Fake, sans-serif; background: url('/shop/thing.svg?key=SECRET-sheet-address') }
[data-state="open"] { color: green }
`;

/** What the shopper types, what scripts do, and what the shop shows later: none of it is in the page at first. */
const SCRIPT = `
customElements.define('shop-part', class extends HTMLElement {
  constructor() {
    super();
    const field = document.createElement('input');
    const text = document.createElement('p');
    text.textContent = 'TEXT-shadow';
    text.dataset.owner = 'SECRET-shadow-data';
    this.attachShadow({ mode: 'open' }).append(text, field, document.createComment('SECRET-shadow-comment'));
  }
});
customElements.define('shop-closed', class extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: 'closed' }).append('SECRET-closed'); }
});
const find = (selector) => document.querySelector(selector);
const type = (field, value) => { field.value = value; field.dispatchEvent(new Event('input', { bubbles: true, composed: true })); };
window.typeEverything = (round) => {
  find('#styled').style.backgroundImage = 'url(/shop/thing.svg?key=SECRET-style' + round + ')';
  for (const kind of ['text', 'email', 'tel', 'search']) type(find('[name=a-' + kind + ']'), 'TYPED-' + kind + round);
  type(find('[name=a-url]'), 'https://TYPED-url' + round);
  type(find('[name=a-number]'), '7700' + round + '31');
  type(find('[name=a-ignored]'), 'TYPED-ignored' + round);
  type(find('[name=a-note]'), 'TYPED-note' + round);
  for (const name of ['a-pass', 'shown', 'cardnumber', 'a-cc', 'otp', 'a-code', 'in-mask']) type(find('[name=' + name + ']'), 'SECRET-' + name + round);
  type(find('[name=a-looks-like-a-card]'), '4111 1111 1111 1111');
  find('[name=shown]').type = 'text';
  type(find('[name=shown]'), 'SECRET-shown-and-typed' + round);
  find('[name=shown]').setAttribute('value', 'SECRET-shown-attribute' + round);
  find('[name=a-hidden]').value = 'SECRET-hidden-changed' + round;
  find('[name=a-radio]').click();
  find('[name=a-box]').click();
  find('#editor').append(' TYPED-editor' + round);
  type(find('#part').shadowRoot.querySelector('input'), 'TYPED-shadow' + round);
  type(find('#inner').contentDocument.querySelector('input'), 'TYPED-frame' + round);
  find('#masked').firstChild.data = 'SECRET-masked-changed' + round;
  find('[data-mostrador-block] p').append('SECRET-blocked-changed' + round);
  find('[data-customer]').dataset.customer = 'SECRET-data-changed' + round;
  find('h1').setAttribute('title', 'TEXT-title-changed' + round);
  find('#link').href = '/shop/next.html?page=3&session=SECRET-query-changed' + round;
  find('#drawn').getContext('2d').fillRect(0, 0, 9, 9);
  // What opens under the mouse.
  const card = document.createElement('aside');
  const inside = document.createElement('p');
  inside.textContent = 'SECRET-card-masked' + round;
  inside.setAttribute('data-mostrador-mask', '');
  const link = document.createElement('a');
  link.href = '/shop/a?session=SECRET-card-link' + round;
  link.title = 'TEXT-card' + round;
  card.append(inside, link, document.createComment('SECRET-card-comment'));
  find('main').append(card);
  history.pushState(null, '', '?page=' + round + '&order=SECRET-order#SECRET-hash' + round);
};
`;

export const SECRET_PAGES: Record<string, string> = {
  'secrets-usual.html': secretPage('usual'),
  'secrets-open.html': secretPage('open'),
  'secrets-all.html': secretPage('all'),
  'secrets.css': CSS,
  'secrets.js': SCRIPT,
  'real.woff2': 'wOF2 and so on',
  'fake.woff2': 'SECRET-font-file',
};

/** What has to be there in each mode, or it was merely cut off. */
export const TYPED = ['text', 'email', 'tel', 'search', 'ignored', 'note', 'editor', 'shadow', 'frame'];
export const TEXTS = [
  'heading',
  'title-attribute',
  'aria',
  'placeholder-text',
  'option',
  'submit',
  'alt',
  'shadow',
  'frame',
];

declare global {
  interface Window {
    typeEverything(round: number): void;
  }
}
