import type { Entry } from '../../../server/protocol/entry.ts';
import type { EarlierConversation } from '../../../server/protocol/views.ts';

async function read<Body>(address: string): Promise<Body | null> {
  try {
    const response = await fetch(address);
    return response.ok ? ((await response.json()) as Body) : null;
  } catch {
    return null;
  }
}

const addressOf = (conversation: string): string => `/api/conversations/${encodeURIComponent(conversation)}`;

/** The shopper's conversations before this one, the latest first; null where they cannot be had now. */
export async function readEarlier(conversation: string): Promise<EarlierConversation[] | null> {
  const body = await read<{ conversations: EarlierConversation[] }>(`${addressOf(conversation)}/earlier`);
  return body?.conversations ?? null;
}

/** What follows `after`; an empty list: that was all. Null where it cannot be had now. */
export async function readEntries(conversation: string, after: number): Promise<Entry[] | null> {
  const body = await read<{ entries: Entry[] }>(`${addressOf(conversation)}/entries?after=${after}`);
  return body?.entries ?? null;
}
