import type { ShopView } from '../../server/protocol/views.ts';

/** The shop of a key, or the one sentence that tells the shop's developer what to mend. */
export async function findShop(origin: string, key: string): Promise<ShopView | string> {
  if (!key)
    return 'data-shop is missing on the script tag. It takes the key of the shop: <script async src="…" data-shop="…">.';
  try {
    const response = await fetch(`${origin}/api/shops/${encodeURIComponent(key)}`, { credentials: 'omit' });
    if (response.ok) return (await response.json()) as ShopView;
    if (response.status === 404) {
      return `${origin} knows no shop "${key}". Put the key that the script tag in the service's README has into data-shop.`;
    }
    if (response.status === 403) {
      return `the shop "${key}" does not allow the widget on ${location.origin}. Add this origin to SHOP_ORIGINS, the environment variable of the service that lists the allowed ones.`;
    }
    return `${origin} answered ${response.status} for the shop "${key}". Look at the log of the service.`;
  } catch {
    return `${origin} could not be reached for the shop "${key}". See that the service runs and that the page's Content-Security-Policy has it in connect-src.`;
  }
}

/** The shop as the page before has found it; null where it has not. */
export function keptShop(kept: string | null, key: string): ShopView | null {
  try {
    const shop = JSON.parse(kept ?? 'null') as Partial<ShopView> | null;
    return shop?.key === key && shop.attendance ? (shop as ShopView) : null;
  } catch {
    return null;
  }
}
