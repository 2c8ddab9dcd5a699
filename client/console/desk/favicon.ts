/** The tab's picture, with how many wait for the agent: seen where the tab is too narrow for its title. */
const MOST = 9;
let plain: string | null = null;

export function badgeFavicon(count: number): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  plain ??= link.href;
  link.href = badged(plain, count);
}

/** `address`: a data address of an SVG, of 32 units. */
export function badged(address: string, count: number): string {
  if (count === 0) return address;
  const said = count > MOST ? `${MOST}+` : String(count);
  const size = said.length > 1 ? 13 : 16;
  const badge =
    `<circle cx='21' cy='21' r='11' fill='#b3372f'/>` +
    `<text x='21' y='26.5' font-family='sans-serif' font-size='${size}' font-weight='700' fill='#fff' text-anchor='middle'>${said}</text>`;
  return address.replace(/(%3C|<)\/svg(%3E|>)$/, encodeURIComponent(`${badge}</svg>`));
}
