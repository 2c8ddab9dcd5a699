/** What the shop's page says lies in the shopper's basket. Prices are as the shop writes them, currency included. */
export type Basket = { items: BasketItem[]; total: string | null };
export type BasketItem = { name: string; quantity: number; price: string | null };

export const BASKET_ITEMS_MAX = 30;
export const BASKET_NAME_MAX = 200;
export const BASKET_PRICE_MAX = 40;
export const BASKET_QUANTITY_MAX = 9_999;
