import rawProducts from './products.json' with { type: 'json' };

/** What the shop sells. Prices are whole euros; `stock` is pieces left, 0 means sold out. */
export type Product = Readonly<(typeof rawProducts)[number]> & { readonly kind: Kind };

export const kinds = ['ceramics', 'lamps', 'textiles', 'kitchen'] as const;
export type Kind = (typeof kinds)[number];

export const products: readonly Product[] = rawProducts.map((product) => ({ ...product, kind: kindOf(product.kind) }));

/** The product with this slug; throws where there is none, since slugs in templates are ours. */
export function productCalled(slug: string): Product {
  const product = products.find((candidate) => candidate.slug === slug);
  if (!product) throw new Error(`The demo shop has no product called "${slug}"`);
  return product;
}

function kindOf(name: string): Kind {
  const kind = kinds.find((candidate) => candidate === name);
  if (!kind) throw new Error(`products.json has an unknown kind "${name}"`);
  return kind;
}
