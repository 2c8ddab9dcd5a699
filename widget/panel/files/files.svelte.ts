import { content, type FileDoor } from '../../../client/core/files/door.ts';
import { Uploads, type Upload } from '../../../client/core/files/uploads.ts';
import type { FileView } from '../../../server/protocol/file.ts';
import type { WidgetHost } from '../../loader/contract.ts';
import { openUploadStore } from './upload-store.ts';

export type FilesDesk = {
  host: WidgetHost;
  tab: string;
  token: () => string | null;
  /** Whether there is a connection. */
  ready: () => boolean;
  send: (file: FileView, id: string) => void;
  /** `busy`: something is on its way. */
  changed: (busy: boolean) => void;
};

/** The shopper's files: those on their way, and the content of those in the thread. */
export class Files {
  items = $state.raw<readonly Upload[]>([]);
  readonly door: FileDoor;
  #uploads: Uploads;

  constructor({ host, tab, token, ready, send, changed }: FilesDesk) {
    this.door = {
      address: `${host.origin}/api/shops/${encodeURIComponent(host.shop.key)}/files`,
      headers: () => ({ Authorization: `Bearer ${token()}` }),
    };
    this.#uploads = new Uploads({
      door: this.door,
      store: openUploadStore(host.shop.key, tab),
      ready,
      send,
      changed: () => {
        this.items = this.#uploads.items;
        changed(this.#uploads.busy);
      },
    });
  }

  get busy(): boolean {
    return this.#uploads.busy;
  }

  add(files: readonly File[]): void {
    this.#uploads.add(files);
  }

  cancel(key: string): void {
    this.#uploads.cancel(key);
  }

  retry(key: string): void {
    this.#uploads.retry(key);
  }

  /** The connection is back. */
  wake(): void {
    this.#uploads.wake();
  }

  /** Null where an agent has deleted it. */
  async content(id: string): Promise<Blob | null> {
    return await content(this.door, id);
  }

  close(): void {
    this.#uploads.close();
  }
}
