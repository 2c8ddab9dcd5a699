export type TextPart = { text: string; href: string | null };

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/gi;
/** A full stop or a bracket after an address belongs to the sentence around it. */
const TAIL = /[.,;:!?)\]}'"»”]+$/;

/** Splits what a person wrote at its web addresses. Only http and https become links. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimTail(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), href: null });
    parts.push({ text: address, href: new URL(address).href });
    at = match.index + address.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null });
  return parts;
}

function trimTail(found: string): string {
  const tail = TAIL.exec(found)?.[0] ?? '';
  const bare = found.slice(0, found.length - tail.length);
  // The bracket that closes one inside the address is part of it, as in .../Oil_(olive)
  return tail.startsWith(')') && bare.includes('(') ? `${bare})` : bare;
}
