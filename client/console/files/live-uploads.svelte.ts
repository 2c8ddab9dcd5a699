import type { FileView } from '../../../server/protocol/file.ts';
import type { Connection } from '../../core/connection.ts';
import type { FileDoor } from '../../core/files/door.ts';
import { Uploads, type Upload } from '../../core/files/uploads.ts';

/** Known by the session's cookie. */
export const FILE_DOOR: FileDoor = { address: '/api/files', headers: () => ({}) };

/** What this console sends into one conversation, as something that Svelte can see. */
export class LiveUploads {
  items = $state.raw<readonly Upload[]>([]);
  #uploads: Uploads;
  #unsubscribe: () => void;

  constructor(connection: Connection, conversation: string, send: (file: FileView, id: string) => void) {
    this.#uploads = new Uploads({
      door: FILE_DOOR,
      conversation,
      ready: () => connection.status === 'open',
      send,
      changed: () => (this.items = this.#uploads.items),
    });
    this.#unsubscribe = connection.on('status', (status) => {
      if (status === 'open') this.#uploads.wake();
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

  close(): void {
    this.#unsubscribe();
    this.#uploads.close();
  }
}
