import type { Upload, UploadStore } from '../../../client/core/files/uploads.ts';

/** What nobody went on with for so long is forgotten. */
const FORGOTTEN_MS = 24 * 60 * 60_000;

type Kept = Pick<Upload, 'key' | 'file' | 'at' | 'id'> & { tab: string };

/**
 * Uploads of this browser tab over page loads, in the browser's own database. Where the browser has none (private windows,
 * strict settings) they last as long as the page.
 */
export function openUploadStore(shop: string, tab: string): UploadStore {
  const database = opened(`mostrador.${shop}`);
  const store = async (mode: IDBTransactionMode): Promise<IDBObjectStore> =>
    (await database).transaction('uploads', mode).objectStore('uploads');
  const quietly = (work: Promise<unknown>): void => void work.catch(() => {});
  return {
    async load() {
      try {
        const kept = await settled<Kept[]>((await store('readonly')).getAll());
        const old = kept.filter(({ at }) => Date.now() - at > FORGOTTEN_MS);
        for (const { key } of old) this.remove(key);
        const own = kept
          .filter((upload) => upload.tab === tab && !old.includes(upload))
          .toSorted((a, b) => a.at - b.at);
        return own.map(({ key, file, at, id }) => ({ key, file, at, id, sent: 0, state: 'waiting', refused: null }));
      } catch {
        return [];
      }
    },
    save({ key, file, at, id }) {
      const kept: Kept = { key, file, at, id, tab };
      quietly(store('readwrite').then((it) => settled(it.put(kept))));
    },
    remove: (key) => quietly(store('readwrite').then((it) => settled(it.delete(key)))),
  };
}

async function opened(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore('uploads', { keyPath: 'key' });
  return await settled(request);
}

async function settled<T>(request: IDBRequest<T>): Promise<T> {
  return await new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the database of the browser'));
  });
}
