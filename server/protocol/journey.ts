import type { PageView } from './views.ts';

/** A page that the shopper was seen on; `at`: first, in milliseconds since the epoch. */
export type Visit = PageView & { at: number };

const KEPT = 40;

/** The journey with where the shopper is now: a new page is a new visit, a new title of the same page is not. */
export function withPage(visits: readonly Visit[], page: PageView | null, at: number): readonly Visit[] {
  if (!page) return visits;
  const last = visits.at(-1);
  if (last?.url !== page.url) return [...visits, { ...page, at }].slice(-KEPT);
  if (last.title === page.title || !page.title) return visits;
  return [...visits.slice(0, -1), { ...last, title: page.title }];
}
