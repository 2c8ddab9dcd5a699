import { openCartDrawer } from './cart-drawer.js';
import { addToCart } from './cart-store.js';
import { catalogue } from './catalogue.js';
import { element, root } from './element.js';

const dialog = document.querySelector('#quick-view');
const content = document.querySelector('#quick-view-content');

function show(product) {
  const add = element(
    'button',
    { type: 'button', class: 'button wide', 'data-testid': 'quick-view-add' },
    'Add to cart',
  );
  add.disabled = product.stock === 0;
  if (add.disabled) add.textContent = 'Sold out for now';
  add.addEventListener('click', () => {
    addToCart(product.slug, product.choice.options[0], 1);
    dialog.close();
    openCartDrawer();
  });
  const { slug, name, line, price, rating, reviews, stock } = product;
  content.replaceChildren(
    element('img', { src: `${root}assets/images/${slug}.svg`, alt: name, width: '800', height: '800' }),
    element(
      'div',
      { class: 'quick-view-text' },
      element('h2', { id: 'quick-view-name' }, name),
      element('p', {}, line),
      element('star-rating', { value: rating, count: reviews }),
      element('p', { class: 'product-price' }, `€${price}`),
      element('stock-badge', { left: stock }),
      add,
      element('a', { class: 'text-link', href: `${root}product/${slug}.html` }, 'All about it'),
    ),
  );
  dialog.showModal();
}

for (const opener of document.querySelectorAll('[data-quick-view]')) {
  opener.addEventListener('click', () => show(catalogue.get(opener.dataset.quickView)));
}
dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
