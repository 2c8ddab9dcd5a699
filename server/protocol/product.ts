/** A product as it is shown to people. The price is as the shop writes it, currency included; addresses are http(s). */
export type Product = { name: string; price: string | null; image: string | null; url: string | null };

/** A product that stands on the shopper's page; `node` is its element's number, where it has one. */
export type PageProduct = Product & { node: number | null };

export const PRODUCT_NAME_MAX = 200;
export const PRODUCT_PRICE_MAX = 40;
export const PRODUCT_ADDRESS_MAX = 2_048;
/** Of one page; more than anybody looks through. */
export const PRODUCTS_MAX = 200;
