import type { FileRefused, FileView } from '../../../server/protocol/file.ts';
import { announce, append, progressOf, remove, type Answer, type FileDoor } from './door.ts';

/** A file on its way. `key` becomes the id of its message, so that it is sent once whatever happens. */
export type Upload = {
  key: string;
  file: File;
  at: number;
  /** The server's id for it, once it is announced there. */
  id: string | null;
  /** Bytes that have left. */
  sent: number;
  /** `waiting`: its turn or the connection is awaited · `failed`: tried often enough; the person decides. */
  state: 'waiting' | 'sending' | 'failed';
  /** It will not be taken. */
  refused: FileRefused | null;
};

/** Where uploads outlive the page. */
export type UploadStore = {
  load(): Promise<Upload[]>;
  save(upload: Upload): void;
  remove(key: string): void;
};

export type UploadsOptions = {
  door: FileDoor;
  /** An agent's; a shopper's goes where the shopper's messages go. */
  conversation?: string;
  store?: UploadStore;
  /** Whether there is a connection, and so a server to upload to. */
  ready(): boolean;
  /** It is complete: send it with a message of this id. */
  send(file: FileView, id: string): void;
  changed(): void;
};

/** A connection that is cut costs at most this much, where the server has not kept what came of it. */
const PIECE = 4 * 1024 * 1024;
const TRIES = 4;
const FIRST_WAIT_MS = 500;

/** The uploads of one conversation: one after the other, so that they are sent in the order in which they were chosen. */
export class Uploads {
  items: readonly Upload[] = [];
  #options: UploadsOptions;
  #running: { key: string; stop: AbortController } | null = null;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(options: UploadsOptions) {
    this.#options = options;
    if (options.store) void this.#takeUp(options.store);
  }

  get busy(): boolean {
    return this.items.some(({ refused }) => !refused);
  }

  add(files: readonly File[]): void {
    const added = files.map((file): Upload => {
      return { key: crypto.randomUUID(), file, at: Date.now(), id: null, sent: 0, state: 'waiting', refused: null };
    });
    this.items = [...this.items, ...added];
    for (const upload of added) this.#options.store?.save(upload);
    this.#changed();
    void this.#run();
  }

  /** Takes it back, or puts a refused one out of sight. */
  cancel(key: string): void {
    const upload = this.#find(key);
    this.#forget(key);
    if (this.#running?.key === key) this.#running.stop.abort();
    // Should this not arrive, the server forgets it by itself.
    if (upload?.id) remove(this.#options.door, upload.id).catch(() => {});
  }

  retry(key: string): void {
    this.#change(key, { state: 'waiting', refused: null });
    this.wake();
  }

  /** The connection is back. */
  wake(): void {
    this.#wake?.();
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    this.#running?.stop.abort();
    this.#wake?.();
  }

  /** What an earlier page of this tab could not finish. */
  async #takeUp(store: UploadStore): Promise<void> {
    const kept = await store.load();
    if (this.#closed) return;
    this.items = [...kept.filter(({ key }) => !this.#find(key)), ...this.items];
    this.#changed();
    await this.#run();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    for (;;) {
      const next = this.items.find(({ state, refused }) => state === 'waiting' && !refused);
      if (!next || this.#closed || !this.#options.ready()) return;
      const stop = new AbortController();
      this.#running = { key: next.key, stop };
      try {
        await this.#upload(next.key, stop.signal);
      } finally {
        this.#running = null;
      }
    }
  }

  /** Until it is sent, refused or taken back, or was tried in vain too often. */
  async #upload(key: string, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted && this.#find(key)) {
      try {
        const before = this.#find(key)?.sent ?? 0;
        if (await this.#step(key, signal)) return;
        if ((this.#find(key)?.sent ?? 0) > before) failures = 0;
      } catch {
        if (signal.aborted) return;
        this.#change(key, { state: 'waiting' });
        if (!this.#options.ready()) return;
        if (++failures >= TRIES) return this.#change(key, { state: 'failed' });
        await this.#pause(FIRST_WAIT_MS * 2 ** failures);
        await this.#askHowFar(key, signal).catch(() => {});
      }
    }
  }

  /** One request. True: it is settled. */
  async #step(key: string, signal: AbortSignal): Promise<boolean> {
    const upload = this.#find(key);
    if (!upload) return true;
    const { door, conversation } = this.#options;
    this.#change(key, { state: 'sending' });
    if (upload.id === null) return this.#take(key, await announce(door, upload.file, conversation, signal));
    const offset = upload.sent;
    const piece = { offset, bytes: upload.file.slice(offset, offset + PIECE) };
    const onProgress = (sent: number): void => this.#change(key, { sent: Math.min(sent, upload.file.size) });
    return this.#take(key, await append(door, upload.id, piece, onProgress, signal));
  }

  async #askHowFar(key: string, signal: AbortSignal): Promise<void> {
    const id = this.#find(key)?.id;
    if (id) this.#take(key, await progressOf(this.#options.door, id, signal));
  }

  /** What the server said. True: it is settled. */
  #take(key: string, answer: Answer): boolean {
    const upload = this.#find(key);
    if (!upload) return true;
    if ('file' in answer) {
      this.#options.send(answer.file, key);
      this.#forget(key);
      return true;
    }
    if ('id' in answer) {
      this.#change(key, { id: answer.id, sent: 0 });
      const announced = this.#find(key);
      if (announced) this.#options.store?.save(announced);
      return false;
    }
    if ('offset' in answer) {
      this.#change(key, { sent: answer.offset });
      return false;
    }
    // It was forgotten there: from the beginning, once more.
    if (answer.reason === 'file-gone' && upload.id !== null) {
      this.#change(key, { id: null, sent: 0 });
      return false;
    }
    this.#change(key, { state: 'failed', refused: answer, id: null, sent: 0 });
    this.#options.store?.remove(key);
    return true;
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => (clearTimeout(timer), resolve());
    });
    this.#wake = null;
  }

  #find(key: string): Upload | undefined {
    return this.items.find((upload) => upload.key === key);
  }

  #change(key: string, change: Partial<Upload>): void {
    this.items = this.items.map((upload) => (upload.key === key ? { ...upload, ...change } : upload));
    this.#changed();
  }

  #forget(key: string): void {
    this.items = this.items.filter((upload) => upload.key !== key);
    this.#options.store?.remove(key);
    this.#changed();
  }

  #changed(): void {
    if (!this.#closed) this.#options.changed();
  }
}
