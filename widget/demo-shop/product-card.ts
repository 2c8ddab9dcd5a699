import type { Product } from './catalogue.ts';
import { html, type Markup } from './markup.ts';
import { priceText, words, type Language } from './words.ts';

type CardOptions = { readonly root: string; readonly language?: Language; readonly quickView?: boolean };

/** A product in a grid. The data attributes are what the category page filters and sorts by. */
export function productCard(product: Product, { root, language = 'en', quickView = false }: CardOptions): Markup {
  const name = language === 'en' ? product.name : product.nameEs;
  const line = language === 'en' ? product.line : product.lineEs;
  return html`<li
    class="card"
    data-testid="product-card"
    data-slug="${product.slug}"
    data-kind="${product.kind}"
    data-price="${product.price}"
    data-rating="${product.rating}"
    data-name="${name}"
    itemscope
    itemtype="https://schema.org/Product"
  >
    <a class="card-link" itemprop="url" href="${root}product/${product.slug}.html">
      <img
        itemprop="image"
        src="${root}assets/images/${product.slug}.svg"
        alt=""
        width="800"
        height="800"
        loading="lazy"
      />
      <span class="card-kind">${words[language].kinds[product.kind]}</span>
      <span class="card-row"
        ><span class="card-name" itemprop="name">${name}</span>
        <span class="card-price" itemprop="offers" itemscope itemtype="https://schema.org/Offer"
          ><meta itemprop="priceCurrency" content="EUR" /><span itemprop="price" content="${product.price}"
            >${priceText(product.price, language)}</span
          ></span
        ></span
      >
      <span class="card-line">${line}</span>
    </a>
    ${
      quickView &&
      html`<button type="button" class="card-quick" data-quick-view="${product.slug}" data-testid="quick-view-button">
        Quick view<span class="visually-hidden"> of ${product.name}</span>
      </button>`
    }
  </li>`;
}
