import {
  BASKET_ITEMS_MAX,
  BASKET_NAME_MAX,
  BASKET_PRICE_MAX,
  BASKET_QUANTITY_MAX,
  type Basket,
} from '../../server/protocol/basket.ts';
import type { Memory } from '../loader/memory.ts';

/**
 * From where the shopper came to the shop at `origin`, without what that address carries besides: known where the chat is on
 * the first page that they see, and kept for the next ones. Undefined: not known, or from the shop itself.
 */
export function cameFrom(
  session: Memory,
  { origin, referrer }: { origin: string; referrer: string },
): string | undefined {
  const kept = session.get('from');
  if (kept !== null || !/^https?:/.test(referrer) || !URL.canParse(referrer)) return kept ?? undefined;
  const from = new URL(referrer);
  if (from.origin === origin) return undefined;
  const plain = (from.origin + from.pathname).slice(0, 2_048);
  session.set('from', plain);
  return plain;
}

/** What the shop's page has told of the basket; whatever of it is none is left out. */
export function basketOf(told: unknown): Basket | null {
  const { items, total } = (told ?? {}) as { items?: unknown; total?: unknown };
  if (!Array.isArray(items)) return null;
  const known = items.slice(0, BASKET_ITEMS_MAX).map((item: unknown) => {
    const { name, quantity, price } = (item ?? {}) as { name?: unknown; quantity?: unknown; price?: unknown };
    const count = Math.min(BASKET_QUANTITY_MAX, Math.max(1, Math.round(Number(quantity)) || 1));
    return { name: textOf(name, BASKET_NAME_MAX) ?? '', quantity: count, price: textOf(price, BASKET_PRICE_MAX) };
  });
  return { items: known.filter(({ name }) => name !== ''), total: textOf(total, BASKET_PRICE_MAX) };
}

function textOf(told: unknown, max: number): string | null {
  return typeof told === 'string' || typeof told === 'number' ? String(told).trim().slice(0, max) : null;
}
