import { openCartDrawer } from './cart-drawer.js';
import { addToCart } from './cart-store.js';

const { slug } = document.querySelector('[data-testid="product"]').dataset;
const picture = document.querySelector('#product-image');
const views = [...document.querySelectorAll('[data-view]')];
const choice = document.querySelector('#choice');
const quantity = document.querySelector('#quantity');
const guide = document.querySelector('#size-guide');

for (const view of views) {
  view.addEventListener('click', () => {
    picture.src = view.querySelector('img').src;
    for (const other of views) other.setAttribute('aria-pressed', String(other === view));
  });
}

document.querySelector('#buy').addEventListener('submit', (event) => {
  event.preventDefault();
  addToCart(slug, choice.value, quantity.valueAsNumber);
  openCartDrawer();
});

document.querySelector('#size-guide-open').addEventListener('click', () => guide.showModal());
guide.addEventListener('click', (event) => event.target === guide && guide.close());
