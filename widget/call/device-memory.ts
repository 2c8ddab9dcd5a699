import { OwnMedia } from '../../client/core/call/own-media.ts';
import { openMemory } from '../loader/memory.ts';

/** The own devices; which of them were chosen is kept in this browser. */
export function ownMedia(shop: string): OwnMedia {
  const memory = openMemory('local', shop);
  return new OwnMedia(() => {}, {
    get: (kind) => memory.get(`device.${kind}`),
    set: (kind, id) => memory.set(`device.${kind}`, id),
  });
}
