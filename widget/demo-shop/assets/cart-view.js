import { cartLines, onCartChange, setQuantity } from './cart-store.js';
import { catalogue } from './catalogue.js';
import { element, root } from './element.js';
import { language, words } from './words.js';

const freeDeliveryFrom = 60;
const deliveryPrice = 4.9;

/** Keeps every place of the page that shows the cart (count, lines, sums) as the cart is. */
export function showCart() {
  onCartChange(render);
  render();
}

/** The cart's lines with their products; a line whose product is gone from the catalogue is left out. */
export function knownLines() {
  return cartLines().flatMap((line) => {
    const product = catalogue.get(line.slug);
    return product ? [{ ...line, product }] : [];
  });
}

export function nameOf(product) {
  return language === 'es' ? product.nameEs : product.name;
}

function render() {
  const lines = knownLines();
  const subtotal = lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0);
  const delivery = subtotal >= freeDeliveryFrom ? 0 : deliveryPrice;
  const count = lines.reduce((sum, line) => sum + line.quantity, 0);
  for (const node of document.querySelectorAll('.cart-count')) node.textContent = String(count);
  for (const list of document.querySelectorAll('[data-cart-lines]')) renderLines(list, lines);
  for (const node of document.querySelectorAll('[data-cart-filled]')) node.hidden = lines.length === 0;
  for (const node of document.querySelectorAll('[data-cart-empty]')) node.hidden = lines.length > 0;
  fill('[data-cart-subtotal]', words.price(subtotal));
  fill('[data-cart-delivery]', delivery === 0 ? words.free : words.price(delivery));
  fill('[data-cart-total]', words.price(lines.length === 0 ? 0 : subtotal + delivery));
}

function fill(selector, text) {
  for (const node of document.querySelectorAll(selector)) node.textContent = text;
}

// Rows are kept and updated in place, so the keyboard's focus stays on the button that was just pressed.
function renderLines(list, lines) {
  const before = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = lines.map((line) => {
    const key = `${line.slug}|${line.choice}`;
    const row = before.get(key) ?? newRow(key, line);
    row.querySelector('.line-quantity').textContent = String(line.quantity);
    row.querySelector('.line-price').textContent = words.price(line.product.price * line.quantity);
    return row;
  });
  if (rows.length === 0) rows.push(element('li', { class: 'cart-empty', 'data-testid': 'cart-empty' }, words.empty));
  for (const row of list.children) if (!rows.includes(row)) row.remove();
  rows.forEach((row, index) => list.children[index] !== row && list.insertBefore(row, list.children[index] ?? null));
}

function newRow(key, { slug, choice, product }) {
  const change = (step) => {
    const line = cartLines().find((candidate) => candidate.slug === slug && candidate.choice === choice);
    if (line) setQuantity(slug, choice, line.quantity + step);
  };
  const name = nameOf(product);
  const row = element(
    'li',
    { class: 'cart-line', 'data-key': key, 'data-testid': 'cart-line' },
    element('img', { src: `${root}assets/images/${slug}.svg`, alt: '', width: '72', height: '72' }),
    element(
      'div',
      { class: 'line-text' },
      element('a', { href: `${root}product/${slug}.html` }, name),
      element('span', { class: 'muted' }, choice),
      element(
        'div',
        { class: 'stepper' },
        button('−', `${words.fewer}: ${name}`, () => change(-1)),
        element('span', { class: 'line-quantity', role: 'status' }),
        button('+', `${words.more}: ${name}`, () => change(1)),
      ),
    ),
    element(
      'div',
      { class: 'line-end' },
      element('span', { class: 'line-price' }),
      button(words.remove, `${words.remove}: ${name}`, () => setQuantity(slug, choice, 0), 'text-link'),
    ),
  );
  return row;
}

function button(text, label, onClick, className = 'step') {
  const node = element('button', { type: 'button', class: className, 'aria-label': label }, text);
  node.addEventListener('click', onClick);
  return node;
}
