import { remove } from '../../core/files/door.ts';
import { FILE_DOOR } from './live-uploads.svelte.ts';

export type Erased = 'erased' | 'not-yours' | 'unreachable';

/** Deletes the content of what was sent; the message stays. */
export async function eraseFile(id: string): Promise<Erased> {
  try {
    const { ok, status } = await remove(FILE_DOOR, id);
    if (ok || status === 404) return 'erased';
    return status === 403 ? 'not-yours' : 'unreachable';
  } catch {
    return 'unreachable';
  }
}

export const addressOf = (id: string): string => `${FILE_DOOR.address}/${encodeURIComponent(id)}`;
