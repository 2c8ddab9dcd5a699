import { kinds, products } from '../catalogue.ts';
import type { Page } from '../layout.ts';
import { html, type Markup } from '../markup.ts';
import { productCard } from '../product-card.ts';
import { words } from '../words.ts';

const dearest = Math.max(...products.map((product) => product.price));
const highestPrice = Math.ceil(dearest / 10) * 10;

export function categoryPage(): Page {
  return {
    path: 'category.html',
    title: 'Everything in the shop | Casa Lumbre',
    description: 'Twelve things for the table, the sofa and the evening.',
    styles: ['cards', 'category', 'product'],
    scripts: ['filter', 'quick-view', 'star-rating', 'stock-badge'],
    body: html`<div class="page-head">
        <h1 id="category-title">Everything in the shop</h1>
        <p>Twelve things, chosen slowly.</p>
      </div>
      <div class="section category">
        ${filters()}
        <p class="result-count" id="result-count" data-testid="result-count" role="status">${products.length} things</p>
        <ul class="cards" id="products" data-testid="products">
          ${products.map((product) => productCard(product, { root: '', quickView: true }))}
        </ul>
        <div class="no-results" id="no-results" data-testid="no-results" hidden>
          <p>Nothing at that price here yet.</p>
          <button type="button" class="button quiet" id="filter-reset">Show everything again</button>
        </div>
      </div>
      <dialog class="sheet quick-view" id="quick-view" data-testid="quick-view" aria-labelledby="quick-view-name">
        <form method="dialog">
          <button class="round-button sheet-close" aria-label="Close">
            <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" /></svg>
          </button>
        </form>
        <div id="quick-view-content"></div>
      </dialog>`,
  };
}

function filters(): Markup {
  return html`<form class="filters" id="filters" data-testid="filters" aria-label="Filter the products">
    <fieldset class="filter-kinds">
      <legend>Kind</legend>
      ${kinds.map(
        (kind) =>
          html`<label class="chip">
            <input type="checkbox" name="kind" value="${kind}" id="filter-${kind}" /><span
              >${words.en.kinds[kind]}</span
            >
          </label>`,
      )}
    </fieldset>
    <div class="filter-price">
      <label for="filter-price"
        >Up to <output id="filter-price-shown" for="filter-price">€${highestPrice}</output></label
      >
      <input
        type="range"
        id="filter-price"
        name="price"
        data-testid="filter-price"
        min="10"
        max="${highestPrice}"
        step="5"
        value="${highestPrice}"
      />
    </div>
    <div class="filter-sort">
      <label for="filter-sort">Sort by</label>
      <select id="filter-sort" name="sort" data-testid="filter-sort">
        <option value="chosen">Our order</option>
        <option value="cheapest">Cheapest first</option>
        <option value="dearest">Dearest first</option>
        <option value="rating">Best rated</option>
        <option value="name">Name</option>
      </select>
    </div>
  </form>`;
}
