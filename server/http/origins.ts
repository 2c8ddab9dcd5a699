import type { Shop } from '../storage/storage.ts';

/** Where this installation is reached: the service itself, and the replay frame's own origin. */
export type Origins = { service: string; replay: string };

/** The origin of the page that asks; browsers leave `Origin` out of a GET to the page's own origin. */
export function askingOrigin(headers: Headers, service: string): string | null {
  const origin = headers.get('origin');
  if (origin) return origin;
  if (headers.get('sec-fetch-site') === 'same-origin') return service;
  const referer = headers.get('referer');
  return referer && URL.canParse(referer) ? new URL(referer).origin : null;
}

export function isAllowed(shop: Shop, origin: string | null): boolean {
  return origin !== null && shop.origins.includes(origin);
}
