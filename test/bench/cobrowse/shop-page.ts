/** A shop page of the size that is usual: 300 cards, about 4,700 elements, 250 kB of CSS. */
const CARDS = Array.from({ length: 300 }, (_, index) => {
  const rows = Array.from(
    { length: 4 },
    (__, row) => `<li><span class="c${(index + row) % 900}">Part ${row}</span></li>`,
  ).join('');
  return `<article class="card c${index}"><h3><a href="/shop/thing">Thing ${index}</a></h3><p>From <b>€ ${index}</b></p><ul>${rows}</ul><button type="button">Add</button></article>`;
}).join('');

export const BIG_CSS = Array.from(
  { length: 1_700 },
  (_, index) =>
    `.c${index}{color:rgb(${index % 255} 20 30);padding:${index % 7}px;border-radius:${index % 9}px}.c${index}:hover b{text-decoration:underline;background:linear-gradient(90deg,#fff,#eee)}`,
).join('\n');

/** `script` runs in it; `end` tells a script of both ends which one it is. */
export function bigShopPage(script: string, end = ''): string {
  return `<!doctype html><html lang="en" data-end="${end}"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/shop/big.css"></head><body><p id="probe" title="start">Probe</p><main>${CARDS}</main>
<div id="widget-host"></div><script type="module" src="${script}"></script></body></html>`;
}
