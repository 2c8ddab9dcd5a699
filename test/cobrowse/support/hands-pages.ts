/** A page with everything that helping hands may and may never do. `window.happened` says what did. */

const FIELDS = `
<input id="text" name="text" aria-label="First name">
<input id="number" type="number" value="1" aria-label="Quantity">
<input id="range" type="range" min="0" max="10" value="5" aria-label="Price">
<textarea id="note" aria-label="Note"></textarea>
<input id="typed" aria-label="Street">
<div data-mostrador-unmask><input id="opened" aria-label="Postcode"><textarea id="opened-note" aria-label="Opened note"></textarea>
<input id="opened-card" aria-label="Opened"><input id="opened-password" type="password" aria-label="Opened password"></div>
<input id="short" maxlength="3" aria-label="Short">
<input id="readonly" readonly aria-label="Read only">
<input id="disabled" disabled aria-label="Disabled">
<input id="password" type="password" aria-label="Password">
<input id="shown-password" name="password" type="text" aria-label="Password, shown">
<input id="new-password" autocomplete="new-password" aria-label="New password">
<input id="card" autocomplete="cc-number" aria-label="Card">
<input id="card-name" name="card-number" aria-label="Card by its name">
<input id="cvc" name="cvc" aria-label="CVC">
<select id="card-month" autocomplete="cc-exp-month" aria-label="Month"><option>01</option><option>02</option></select>
<input id="code" autocomplete="one-time-code" aria-label="Code">
<input id="iban" name="iban" aria-label="IBAN">
<input id="hidden" type="hidden" value="h">
<input id="file" type="file" aria-label="File">
<label id="file-label" for="file">Choose a file</label>
<div data-mostrador-mask><input id="masked" aria-label="Masked"><button id="masked-button" type="button">Masked</button></div>
<div data-mostrador-block><input id="blocked" aria-label="Blocked"></div>
<div id="editor" contenteditable="true">Written</div>
<div data-mostrador-hands="never"><input id="never" aria-label="Never"><button id="never-button" type="button">Never</button>
  <select id="never-select" aria-label="Never"><option>a</option><option>b</option></select></div>
<input id="gone" class="away" aria-label="Not there">`;

export const HANDS_PAGES: Record<string, string> = {
  'hands.html': `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hands</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/shop/hands.css"></head>
<body><main><h1>Hands</h1><output id="step">0</output>
<select id="size" aria-label="Size"><option>S</option><option>M</option><option disabled>L</option></select>
<label id="gift-label"><input id="gift" type="checkbox"> Gift wrap</label>
<label><input id="slow" type="radio" name="speed" checked> Slow</label><label><input id="fast" type="radio" name="speed"> Fast</label>
<button id="guide" type="button">Size guide</button>
<button id="loose">No form around it</button>
<form id="plain" action="/shop/sent.html">${FIELDS}</form>
<form id="order" action="/shop/sent.html"><input name="q" aria-label="Query">
  <button id="send-it">Send</button><input id="input-submit" type="submit" value="Send"><input id="image" type="image" alt="Send" src="/shop/thing.svg">
  <button id="reset" type="reset">Empty</button><label id="submit-label" for="send-it">Send by its label</label>
  <span id="scripted">Ask by a script</span><span id="unheard">Sent by a script</span>
  <button id="allowed" data-mostrador-hands="allow">Add to basket</button><button id="selected" class="may">Add to list</button></form>
<button id="outside" form="order">Send from outside</button>
<form id="paying" action="/shop/sent.html"><input autocomplete="cc-number" aria-label="Card">
  <button id="pay-allowed" class="may" data-mostrador-hands="allow">Continue</button></form>
<button id="labelled" type="button" aria-labelledby="says"><svg width="20" height="20"></svg></button><span id="says">Pay by card</span>
<div id="tile"><svg id="icon" width="20" height="20"></svg> <span>Tramitar pedido</span></div>
<pay-button id="slotted">Complete your order</pay-button>
<svg width="40" height="20"><a id="drawn" xlink:href="https://elsewhere.example/" xmlns:xlink="http://www.w3.org/1999/xlink"><rect width="40" height="20"/></a></svg>
<button id="pressed" type="button">Pressed</button><button id="later" type="button">Later</button>
<form id="sorting" action="/shop/sent.html"><select id="sort" name="sort" aria-label="Sort"><option>New</option><option>Cheap</option></select>
  <input id="coupon" name="coupon" aria-label="Coupon"></form>
<button id="pay" type="button">Pay now</button><div id="pay-div" role="button" tabindex="0">Place your order</div>
<a id="pay-link" href="#">Comprar</a>
<a id="other" href="https://elsewhere.example/">Elsewhere</a><a id="script" href="javascript:happened.push('ran')">Script</a>
<a id="mail" href="mailto:a@shop.example">Mail</a><a id="tab" href="/shop/next.html" target="_blank">New tab</a>
<a id="download" href="/shop/next.html" download>Download</a>
<a id="next" href="/shop/next.html">Everything else</a>
<div id="scroller"><p>Long</p></div><p id="end">The end</p>
</main><div id="widget-host"></div>
<script src="/shop/tag.js" data-shop="demo" data-hands-allow=".may"></script>
<script src="/shop/hands.js"></script><script src="/shopper.js" type="module"></script></body></html>`,
  'hands.css': `main { display: grid; gap: 6px; max-width: 480px; } #end { margin-top: 2000px; }
.away { display: none; } #scroller { height: 80px; overflow: auto; } #scroller p { height: 900px; }`,
  'tag.js': '',
  'hands.js': `
window.happened = [];
for (const name of ['pointerdown', 'click', 'input', 'change', 'submit', 'reset'])
  addEventListener(name, (event) => event.target.id && happened.push(name + ' ' + event.target.id), true);
addEventListener('submit', (event) => { happened.push('sent ' + (event.submitter?.id ?? '')); event.preventDefault(); });
const find = (id) => document.getElementById(id);
find('scripted').addEventListener('click', () => find('order').requestSubmit());
find('unheard').addEventListener('click', () => find('order').submit());
find('pressed').addEventListener('pointerdown', () => find('order').submit());
find('later').addEventListener('click', () => setTimeout(() => { find('order').submit(); happened.push('later'); }, 100));
find('sort').addEventListener('change', () => find('sorting').submit());
find('coupon').addEventListener('input', () => fetch('/shop/tag.js').then(() => { find('sorting').requestSubmit(); happened.push('asked'); }));
customElements.define('pay-button', class extends HTMLElement {
  constructor() { super();
    const button = document.createElement('button'); button.type = 'button'; button.append(document.createElement('slot'));
    this.attachShadow({ mode: 'open' }).append(button); }
});
find('widget-host').attachShadow({ mode: 'open' }).append(Object.assign(document.createElement('button'), { id: 'in-widget', textContent: 'Ours' }));
`,
};

declare global {
  interface Window {
    happened: string[];
  }
}
