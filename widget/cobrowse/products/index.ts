/** The products of the shopper's page, for the agent's list; loaded once somebody looks. */
import type { PageProduct } from '../../../server/protocol/product.ts';
import { findProducts } from './find-products.ts';

/** A page that goes on changing is looked at this often, in a moment in which it has nothing to do. */
const LOOK_EVERY_MS = 2_000;

export type ProductWatch = {
  /** Whoever has the whole page anew needs the list anew. */
  tellAgain(): void;
  close(): void;
};

/** Calls `tell` with all of them whenever they have changed. `idOf`: the number of an element, -1 where it has none. */
export function watchProducts(options: {
  idOf: (element: Element) => number;
  tell: (products: PageProduct[]) => void;
}): ProductWatch {
  // What the shop says on the script tag.
  const selector = document.querySelector('script[data-shop]')?.getAttribute('data-product-selector') ?? null;
  let told = '[]';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const look = (): void => {
    timer = undefined;
    if (closed) return;
    const products = findProducts(document, selector).map(({ element, ...product }) => {
      const id = element ? options.idOf(element) : -1;
      return { ...product, node: id > 0 ? id : null };
    });
    const now = JSON.stringify(products);
    if (now === told) return;
    told = now;
    options.tell(products);
  };
  const soon = (): void => {
    timer ??= setTimeout(() => whenIdle(look), LOOK_EVERY_MS);
  };
  const observer = new MutationObserver(soon);
  observer.observe(document, { subtree: true, childList: true });
  whenIdle(look);
  return {
    tellAgain() {
      told = '[]';
      whenIdle(look);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      observer.disconnect();
    },
  };
}

function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 1_000 });
  else setTimeout(work);
}
