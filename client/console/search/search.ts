import { folded, searchWords } from '../../../server/protocol/folded-text.ts';
import type { Side } from '../../../server/protocol/entry.ts';

/** A message or note that was found. `text` is the part around what was found. */
export type Hit = {
  id: number;
  conversation: string;
  seq: number;
  at: number;
  from: Side;
  text: string;
  shopper: string;
  status: 'waiting' | 'active' | 'closed';
  agent: { id: string; name: string } | null;
};

export type Found = { hits: readonly Hit[]; more: boolean };

/** Null where it cannot be searched now, or `signal` says that nobody wants it any more. */
export async function search(query: string, before: number | null, signal: AbortSignal): Promise<Found | null> {
  const page = before === null ? '' : `&before=${before}`;
  try {
    const response = await fetch(`/api/search?q=${encodeURIComponent(query)}${page}`, { signal });
    return response.ok ? ((await response.json()) as Found) : null;
  } catch {
    return null;
  }
}

/** The hits of each conversation, the one with the newest hit first. */
export function byConversation(hits: readonly Hit[]): Hit[][] {
  const groups = new Map<string, Hit[]>();
  for (const hit of hits) {
    const group = groups.get(hit.conversation);
    if (group) group.push(hit);
    else groups.set(hit.conversation, [hit]);
  }
  return [...groups.values()];
}

/** The text in parts; `found`: a word that was looked for. */
export function marked(text: string, query: string): { text: string; found: boolean }[] {
  const wanted = searchWords(query);
  return text
    .split(/([\p{L}\p{N}\p{M}]+)/u)
    .filter(Boolean)
    .map((part) => ({ text: part, found: wanted.some((word) => folded(part).startsWith(word)) }));
}
