import { products, type Product } from '../catalogue.ts';
import type { Page } from '../layout.ts';
import { html, jsonLd, type Markup } from '../markup.ts';
import { productCard } from '../product-card.ts';
import { words } from '../words.ts';

const root = '../';

export function productPage(product: Product, baseUrl: string): Page {
  const path = `product/${product.slug}.html`;
  return {
    path,
    title: `${product.name} | Casa Lumbre`,
    description: product.line,
    styles: ['cards', 'product'],
    scripts: ['product', 'star-rating', 'stock-badge'],
    head: jsonLd(structuredData(product, `${baseUrl}${path}`, `${baseUrl}assets/images/${product.slug}.svg`)),
    body: html`<nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          <li><a href="${root}">Home</a></li>
          <li><a href="${root}category.html?kind=${product.kind}">${words.en.kinds[product.kind]}</a></li>
          <li aria-current="page">${product.name}</li>
        </ol>
      </nav>
      <article class="product" data-testid="product" data-slug="${product.slug}">
        ${gallery(product)}
        <div class="product-text">
          <h1 data-testid="product-name">${product.name}</h1>
          <p class="product-line">${product.line}</p>
          <star-rating value="${product.rating}" count="${product.reviews}"></star-rating>
          <p class="product-price">
            <span data-testid="product-price">€${product.price}</span> <small>incl. VAT</small>
          </p>
          ${buyForm(product)}
          <p class="product-story">${product.story}</p>
          <div class="product-links">
            <button type="button" class="text-link" id="size-guide-open" data-testid="size-guide-open">
              Size and care
            </button>
            <button
              type="button"
              class="text-link"
              id="delivery-open"
              data-testid="delivery-open"
              popovertarget="delivery"
            >
              Delivery and returns
            </button>
          </div>
          <div class="popover" id="delivery" data-testid="delivery" popover>
            <p><strong>With you in 2–4 days.</strong> €4.90, or free over €60.</p>
            <p>Changed your mind? Send it back within 30 days; the return label is in the box.</p>
          </div>
        </div>
      </article>
      ${sizeGuide(product)}
      <section class="section" aria-labelledby="more-title">
        <h2 id="more-title">Goes well with it</h2>
        <ul class="cards">
          ${companions(product).map((other) => productCard(other, { root }))}
        </ul>
      </section>`,
  };
}

function gallery(product: Product): Markup {
  const views = [
    { file: product.slug, label: 'All of it' },
    { file: `${product.slug}-detail`, label: 'Close up' },
  ];
  return html`<div class="gallery">
    <img
      class="gallery-main"
      id="product-image"
      data-testid="product-image"
      src="${root}assets/images/${product.slug}.svg"
      alt="${product.name}"
      width="800"
      height="800"
    />
    <div class="gallery-views" role="group" aria-label="Pictures">
      ${views.map(
        ({ file, label }, index) =>
          html`<button
            type="button"
            data-view="${file}"
            aria-pressed="${index === 0 ? 'true' : 'false'}"
            aria-label="${label}"
          >
            <img src="${root}assets/images/${file}.svg" alt="" width="96" height="96" />
          </button>`,
      )}
    </div>
  </div>`;
}

function buyForm(product: Product): Markup {
  const soldOut = product.stock === 0;
  return html`<form class="buy" id="buy" data-testid="buy">
    <stock-badge left="${product.stock}"></stock-badge>
    <div class="buy-fields">
      <div class="field">
        <label for="choice">${product.choice.label}</label>
        <select id="choice" name="choice" data-testid="choice">
          ${product.choice.options.map((option) => html`<option>${option}</option>`)}
        </select>
      </div>
      <div class="field field-quantity">
        <label for="quantity">Quantity</label>
        <input
          id="quantity"
          name="quantity"
          data-testid="quantity"
          type="number"
          inputmode="numeric"
          min="1"
          max="12"
          value="1"
          required
        />
      </div>
    </div>
    <button
      type="submit"
      class="button wide"
      id="add-to-cart"
      data-testid="add-to-cart"
      data-mostrador-hands="allow"
      ${soldOut && html`disabled`}
    >
      ${soldOut ? 'Sold out for now' : 'Add to cart'}
    </button>
    ${soldOut && html`<p class="hint">Ask in the chat and we tell you when it is back.</p>`}
  </form>`;
}

function sizeGuide(product: Product): Markup {
  return html`<dialog class="sheet" id="size-guide" data-testid="size-guide" aria-labelledby="size-guide-title">
    <form method="dialog">
      <button class="round-button sheet-close" data-testid="size-guide-close" aria-label="Close">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M6 6l12 12M18 6L6 18" /></svg>
      </button>
    </form>
    <h2 id="size-guide-title">Size and care</h2>
    <p class="muted">${product.name}</p>
    <table>
      <tbody>
        ${product.facts.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </dialog>`;
}

/** Four others, those of the same kind first, in the catalogue's order. */
function companions(product: Product): Product[] {
  const others = products.filter((other) => other.slug !== product.slug);
  const same = others.filter((other) => other.kind === product.kind);
  return [...same, ...others.filter((other) => other.kind !== product.kind)].slice(0, 4);
}

function structuredData(product: Product, url: string, image: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.name,
    description: product.line,
    sku: product.sku,
    category: words.en.kinds[product.kind],
    brand: { '@type': 'Brand', name: 'Casa Lumbre' },
    url,
    image,
    aggregateRating: { '@type': 'AggregateRating', ratingValue: product.rating, reviewCount: product.reviews },
    offers: {
      '@type': 'Offer',
      url,
      price: product.price.toFixed(2),
      priceCurrency: 'EUR',
      availability: `https://schema.org/${product.stock > 0 ? 'InStock' : 'OutOfStock'}`,
      itemCondition: 'https://schema.org/NewCondition',
    },
  };
}
