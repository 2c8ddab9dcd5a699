import type { ShopView } from '../../server/protocol/views.ts';

/** The shop of a key, or the one sentence that tells the shop's developer what to mend. */
export async function findShop(origin: string, key: string): Promise<ShopView | string> {
  try {
    const response = await fetch(`${origin}/api/shops/${encodeURIComponent(key)}`, { credentials: 'omit' });
    if (response.ok) return (await response.json()) as ShopView;
    if (response.status === 404) {
      return `${origin} knows no shop "${key}". Put the key from the shop's settings into data-shop of the script tag.`;
    }
    if (response.status === 403) {
      return `the shop "${key}" does not allow the widget on ${location.origin}. Add this origin to the allowed origins in the shop's settings.`;
    }
    return `${origin} answered ${response.status} for the shop "${key}". Look at the log of the service.`;
  } catch {
    return `${origin} could not be reached for the shop "${key}". See that the service runs and that the page's Content-Security-Policy has it in connect-src.`;
  }
}
