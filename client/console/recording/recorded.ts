import type { Person } from '../../../server/protocol/entry.ts';
import type { PageIndex } from '../../../server/protocol/recorded-page.ts';
import type { RecordedParts } from '../../../server/protocol/views.ts';

/** A picture of a recording. Times in seconds after its beginning. */
export type Track = { n: number; person: Person; kind: 'camera' | 'screen'; at: number; seconds: number };

/** What the service says of a recording. `expiresAt`, `startedAt` in milliseconds since the epoch. */
export type Recorded =
  | { status: 'running' | 'ended' | 'failed'; expiresAt: number }
  | {
      status: 'ready';
      expiresAt: number;
      startedAt: number;
      seconds: number;
      bytes: number;
      tracks: Track[];
      /** Where nobody is heard in the call: from, until. */
      silences: [number, number][];
      /** What there is to play. */
      of: RecordedParts;
      /** Null where no page was recorded, or no picture of it ever came. */
      page: PageIndex | null;
    };

/** `gone`: deleted, or never ours · `unreachable`: the network or the service. */
export type Looked = Recorded | { status: 'gone' } | { status: 'unreachable' };

export function addressOf(conversation: string, recording: string): string {
  return `/api/conversations/${encodeURIComponent(conversation)}/recordings/${encodeURIComponent(recording)}`;
}

export async function look(address: string): Promise<Looked> {
  try {
    const response = await fetch(address);
    if (response.status === 404) return { status: 'gone' };
    if (!response.ok) return { status: 'unreachable' };
    const recorded: Recorded = await response.json();
    if (recorded.status !== 'ready') return recorded;
    return { ...recorded, page: recorded.of.page ? await pageIndex(address) : null };
  } catch {
    return { status: 'unreachable' };
  }
}

async function pageIndex(address: string): Promise<PageIndex> {
  const response = await fetch(`${address}/page-index`);
  if (!response.ok) throw new Error(`page-index: ${response.status}`);
  const index: PageIndex = await response.json();
  return index;
}

/** Deletes it for good. `not-yours`: the agent may not. */
export async function erase(address: string): Promise<'erased' | 'not-yours' | 'unreachable'> {
  try {
    const response = await fetch(address, { method: 'DELETE' });
    if (response.ok || response.status === 404) return 'erased';
    return response.status === 403 ? 'not-yours' : 'unreachable';
  } catch {
    return 'unreachable';
  }
}

/** The pictures that there are at a moment. */
export function tracksAt(tracks: readonly Track[], moment: number): Track[] {
  return tracks.filter(({ at, seconds }) => moment >= at && moment < at + seconds);
}
