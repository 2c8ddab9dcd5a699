/** In a page of a test: what the finder finds there, without the elements themselves. */
import { findProducts } from '../../../widget/cobrowse/products/find-products.ts';

declare global {
  interface Window {
    foundProducts(selector: string | null): object[];
  }
}

window.foundProducts = (selector) =>
  findProducts(document, selector).map(({ element, ...product }) => ({ ...product, at: element?.id ?? null }));
