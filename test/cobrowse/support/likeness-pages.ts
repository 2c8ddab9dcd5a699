/** Ten pages, each with a part of what pages are made of. */
const END = '<div id="widget-host"></div><script type="module" src="/shopper.js"></script>';
const WORDS = 'Lámparas, jarrones y manteles de lino para una casa con luz. ';

function page(head: string, body: string, doctype = '<!doctype html>'): string {
  return `${doctype}<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Page</title><link rel="icon" href="data:,">${head}</head><body>${body}<output id="step">0</output>${END}</body></html>`;
}

const style = (css: string) => `<style>${css}</style>`;
const times = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join('');

export const LIKENESS_PAGES: Record<string, string> = {
  'cards.html': page(
    style(
      '.grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:1.5rem}.grid article:nth-child(3n){background:#f3ece4}article{padding:1em;border:1px solid #ddd}article:nth-child(7){color:teal}',
    ),
    `<main class="grid">${times(24, (at) => `<article><h2>Cosa ${at}</h2><p>${WORDS.repeat(1 + (at % 4))}</p></article>${at % 5 === 0 ? '<script>0</script>' : ''}`)}</main>`,
  ),
  'old.html': page(
    style('td{border:1px solid}p{width:300px;padding:10px;border:5px solid}'),
    `<table width="60%"><tr><td>${WORDS}<td>${WORDS}</table><font size="5">Oferta</font><p>${WORDS}</p>`,
    '',
  ),
  'almost-old.html': page(
    style('img{height:40px}td{padding:0}'),
    `<table><tr><td><img alt="x" src="/shop/thing.svg"></td><td>${WORDS}</td></tr></table>`,
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
  ),
  'layers.html': page(
    style(
      '@layer base,theme;@layer theme{p{color:rgb(120,20,20);& b{font-size:24px}}}@layer base{p{color:blue}}.box{container-type:inline-size}@container (min-width:200px){.box p{font-style:italic}}main:has(h1){padding:20px}@property --n{syntax:"<length>";inherits:true;initial-value:7px}h1{margin-left:var(--n)}',
    ),
    `<main><h1>Capas</h1><div class="box" style="width:400px"><p>${WORDS}<b>más</b></p></div><div class="box" style="width:150px"><p>${WORDS}</p></div></main>`,
  ),
  'shadow.html': page(
    '',
    `<x-card><span slot="name">Jarrón</span>12 €</x-card><script src="/shop/x-card.js"></script>${times(6, (at) => `<x-card><span slot="name">Número ${at}</span></x-card>`)}`,
  ),
  'forms.html': page(
    style('label{display:block;margin:8px}'),
    `<form>${['text', 'number', 'date', 'checkbox', 'radio', 'range', 'color', 'search', 'password'].map((type) => `<label>${type} <input type="${type}"></label>`).join('')}<select><option>Uno<option>Dos</select><select multiple size="3"><option selected>A<option>B<option>C</select><textarea rows="3">${WORDS}</textarea><fieldset disabled><legend>Envío</legend><button>Enviar</button></fieldset><progress value=".4"></progress><meter value=".7"></meter></form>`,
  ),
  'drawings.html': page(
    style('svg{width:120px}svg .a{fill:crimson}canvas{border:2px solid}'),
    `<svg viewBox="0 0 10 10"><defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><circle class="a" cx="5" cy="5" r="4"/><foreignObject width="10" height="4"><p>Hola</p></foreignObject></svg><canvas width="240" height="90"></canvas><canvas style="width:50%"></canvas><p>${WORDS}</p>`,
  ),
  'scrolling.html': page(
    style(
      'nav{position:sticky;top:0;background:#fff;padding:12px}.row{display:flex;gap:8px;overflow-x:auto;width:600px}.row div{flex:0 0 200px;height:120px;background:#eee}',
    ),
    `<nav>Menú</nav><div class="row">${times(12, (at) => `<div>${at}</div>`)}</div>${times(60, () => `<p>${WORDS}</p>`)}<script src="/shop/scrolled.js"></script>`,
  ),
  'layered.html': page(
    style('dialog{width:300px}dialog::backdrop{background:#0008}[popover]{margin:0;inset:auto 20px 20px auto}'),
    `<p>${WORDS}</p><details open><summary>Más</summary>${WORDS}</details><details><summary>Menos</summary>${WORDS}</details><dialog><h2>Tallas</h2></dialog><div popover>Cesta</div><div data-mostrador-block style="height:80px">no</div><p data-mostrador-block>${WORDS}</p><script src="/shop/layered.js"></script>`,
  ),
  'framed.html': page(
    '',
    `<iframe srcdoc="<style>p{color:green}</style><p>Dentro</p>" title="x" style="width:100%;height:200px"></iframe><p>${WORDS}</p><ul>${times(8, (at) => `<li value="${at * 2}">${WORDS}</li>`)}</ul>`,
  ),
};

/** What the pages load. */
export const LIKENESS_EXTRAS: Record<string, string> = {
  'thing.svg': `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>`,
  'x-card.js': `customElements.define('x-card', class extends HTMLElement { constructor() { super();
    const root = this.attachShadow({ mode: 'open' }); const sheet = new CSSStyleSheet();
    sheet.replaceSync(':host { display: block; padding: 8px } :host(:nth-of-type(2n)) { color: purple } ::slotted(span) { font-weight: bold } p { font-size: 20px }');
    root.adoptedStyleSheets.push(sheet);
    root.append(Object.assign(document.createElement('p'), { textContent: 'Dentro' }), Object.assign(document.createElement('slot'), { name: 'name' }), document.createElement('slot')); } });`,
  'scrolled.js': `document.querySelector('.row').scrollLeft = 330; scrollTo(0, 500);`,
  'layered.js': `document.querySelector('dialog').showModal(); document.querySelector('[popover]').showPopover();`,
};
