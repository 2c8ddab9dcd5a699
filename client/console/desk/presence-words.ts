import type { Presence } from '../../../server/protocol/views.ts';
import { w } from '../words.ts';

export const PRESENCES: readonly Presence[] = ['available', 'busy', 'away'];

export function presenceWord(presence: Presence): string {
  switch (presence) {
    case 'available':
      return w.presence_available();
    case 'busy':
      return w.presence_busy();
    case 'away':
      return w.presence_away();
  }
}
