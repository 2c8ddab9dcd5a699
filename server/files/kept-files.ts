import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FileRefusal, FileRefused, FileView, UploadProgress } from '../protocol/file.ts';
import type { UploadSetting } from '../protocol/settings.ts';
import type { FileRecord, Storage } from '../storage/storage.ts';
import { ContentFolder } from './content-folder.ts';
import { safeName } from './file-name.ts';
import { typeOf } from './file-type.ts';
import type { Announced, Appended, Begun, Destination, Files, Uploader } from './files.ts';
import { inspect } from './inspect.ts';
import { writePart } from './write-part.ts';

const SWEEP_MS = 10 * 60_000;
/** How long an upload that is not complete can be gone on with, and how long a complete one waits to be sent. */
const UNFINISHED_MS = 60 * 60_000;
const UNSENT_MS = 24 * 60 * 60_000;
/** Of one person: uploads that are under way, and those that are not sent. */
const RUNNING_MAX = 4;
const UNSENT_MAX = 20;
/** What the files that a shopper has sent, in all their conversations, may take. */
const SHOPPER_BYTES_MAX = 500 * 1024 * 1024;
/** Less free space than this is left alone: chat and orders need the disk too. */
const FREE_BYTES_MIN = 512 * 1024 * 1024;

/** No message's id: those are of letters, digits and a few signs. */
const REMOVED = ' ';

export type KeptFilesOptions = {
  storage: Storage;
  /** The folder of all contents; made with the first one. */
  dir: string;
  /** What all files together may take. */
  bytesMax: number;
  now: () => number;
  log: { error(fields: object, message: string): void };
  /** Bytes that are free; the disk's own word unless a test says another. */
  free?: () => Promise<number>;
};

type Writer = { stop: AbortController; done: Promise<unknown> };

/** Files in a folder of this machine. */
export class KeptFiles implements Files {
  readonly #options: KeptFilesOptions;
  readonly #folder: ContentFolder;
  readonly #writers = new Map<string, Writer>();
  /** Which message has a file, from when it was asked for until the record says it; or that it is being removed. */
  readonly #taken = new Map<string, string>();
  #beginning: Promise<unknown> = Promise.resolve();
  #sweep: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  private constructor(options: KeptFilesOptions) {
    this.#options = options;
    this.#folder = new ContentFolder(options.dir);
  }

  /** Deletes what has expired and what a crash left behind. */
  static async open(options: KeptFilesOptions): Promise<KeptFiles> {
    const kept = new KeptFiles(options);
    await kept.#tidy();
    kept.#sweep = setInterval(() => {
      kept
        .#removeExpired()
        .catch((error: unknown) => options.log.error({ err: error }, 'files could not be tidied up'));
    }, SWEEP_MS).unref();
    return kept;
  }

  async begin(by: Uploader, to: Destination, announced: Announced, setting: UploadSetting): Promise<Begun> {
    // One after the other: each sees what the ones before it have taken of the limits.
    const begun = this.#beginning.then(() => this.#begin(by, to, announced, setting));
    this.#beginning = begun.catch(() => {});
    return await begun;
  }

  async progress(by: Uploader, id: string): Promise<UploadProgress | null> {
    const record = await this.#unsent(by, id);
    if (!record) return null;
    if (record.sha256 !== null) return { file: viewOf(record) };
    // It is about to be complete where there is no part any more.
    return { offset: (await this.#folder.partSize(id)) ?? record.bytes };
  }

  async append(by: Uploader, id: string, offset: number, body: ReadableStream<Uint8Array> | null): Promise<Appended> {
    for (let older = this.#writers.get(id); older; older = this.#writers.get(id)) {
      older.stop.abort();
      await older.done;
    }
    const stop = new AbortController();
    const writing = this.#append(by, id, { offset, body, stop: stop.signal });
    const writer = { stop, done: writing.catch(() => {}) };
    this.#writers.set(id, writer);
    try {
      return await writing;
    } finally {
      this.#writers.delete(id);
    }
  }

  async cancel(by: Uploader, id: string): Promise<boolean> {
    await this.#stopWriting(id);
    const record = await this.#unsent(by, id);
    if (!record || this.#taken.has(id)) return false;
    // From now on no message has it, and nothing is written to it.
    this.#taken.set(id, REMOVED);
    await this.#stopWriting(id);
    await this.#remove(id);
    return true;
  }

  async take(
    by: Uploader,
    id: string,
    { conversation, message }: { conversation: string | null; message: string },
  ): Promise<FileView | null> {
    const record = await this.#unsent(by, id);
    if (!record || record.sha256 === null) return null;
    if (record.conversation !== null && record.conversation !== conversation) return null;
    if ((this.#taken.get(id) ?? message) !== message) return null;
    this.#taken.set(id, message);
    return viewOf(record);
  }

  giveBack(id: string): void {
    this.#taken.delete(id);
  }

  async find(id: string): Promise<FileRecord | null> {
    const record = await this.#options.storage.file(id);
    return record && record.sha256 !== null && record.deletedAt === null ? record : null;
  }

  async read(id: string): Promise<ReadableStream<Uint8Array> | null> {
    const handle = await this.#folder.open(id);
    return handle && (Readable.toWeb(handle.createReadStream()) as ReadableStream<Uint8Array>);
  }

  async erase(id: string): Promise<void> {
    const { storage, now } = this.#options;
    const record = await storage.file(id);
    if (!record) return;
    // The record first: a content without one that is live goes with the next start at the latest.
    if (record.deletedAt === null) await storage.saveFile({ ...record, deletedAt: now() });
    await this.#folder.remove(id);
  }

  async eraseOf(conversation: string): Promise<void> {
    await this.#eraseAll(await this.#options.storage.filesOf(conversation));
  }

  async eraseShopper(shop: string, shopper: string): Promise<void> {
    await this.#eraseAll(await this.#options.storage.filesOfShopper(shop, shopper));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const { stop } of this.#writers.values()) stop.abort();
    await Promise.all([...this.#writers.values()].map(({ done }) => done));
    await this.#beginning;
  }

  async #begin(
    by: Uploader,
    to: Destination,
    { name, type: said, bytes }: Announced,
    setting: UploadSetting,
  ): Promise<Begun> {
    const { storage, now } = this.#options;
    const type = typeOf(name, said);
    if (type === null || !setting.types.includes(type)) return { reason: 'file-type' };
    if (bytes < 1) return { reason: 'file-empty' };
    if (bytes > setting.bytesMax) return { reason: 'file-too-large', bytesMax: setting.bytesMax };
    const reason = (await this.#overLimits(by, to, bytes)) ?? (await this.#isFull(bytes));
    if (reason) return { reason };
    const id = randomUUID();
    await this.#folder.begin(id);
    await storage.saveFile({
      id,
      shop: by.shop,
      ...to,
      uploader: by.side === 'agent' ? by.agent : null,
      name: safeName(name, type),
      type,
      bytes,
      width: null,
      height: null,
      sha256: null,
      createdAt: now(),
      seq: null,
      expiresAt: now() + UNFINISHED_MS,
      deletedAt: null,
    });
    return { id };
  }

  /** What one person may have of it all. */
  async #overLimits(by: Uploader, { shopper }: Destination, bytes: number): Promise<FileRefusal | null> {
    const { storage } = this.#options;
    const own = (await storage.unsentFiles()).filter((record) => isOf(record, by));
    if (own.length >= UNSENT_MAX) return 'too-many';
    const running = own.filter(({ sha256 }) => sha256 === null);
    if (running.length >= RUNNING_MAX) {
      // One that nothing is written to was given up, as by a tab that was closed.
      const idle = running.find(({ id }) => !this.#writers.has(id));
      if (!idle) return 'too-many';
      await this.#remove(idle.id);
    }
    if (by.side === 'agent') return null;
    const theirs = await storage.filesOfShopper(by.shop, shopper);
    const kept = theirs.filter(({ uploader, deletedAt }) => uploader === null && deletedAt === null);
    return kept.reduce((sum, file) => sum + file.bytes, bytes) > SHOPPER_BYTES_MAX ? 'too-many' : null;
  }

  async #isFull(bytes: number): Promise<FileRefusal | null> {
    const { storage, bytesMax, free } = this.#options;
    if ((await storage.bytesOfFiles()) + bytes > bytesMax) return 'files-full';
    const left = await (free ?? (() => this.#folder.free()))();
    return left - bytes < FREE_BYTES_MIN ? 'files-full' : null;
  }

  async #append(
    by: Uploader,
    id: string,
    { offset, body, stop }: { offset: number; body: ReadableStream<Uint8Array> | null; stop: AbortSignal },
  ): Promise<Appended> {
    const record = await this.#unsent(by, id);
    if (!record || this.#closed || this.#taken.get(id) === REMOVED) return { reason: 'file-gone' };
    if (record.sha256 !== null) return { file: viewOf(record) };
    const { bytes } = record;
    const { end, at } = await writePart(this.#folder.part(id), { offset, bytes, body, stop });
    switch (end) {
      case 'elsewhere':
        return { expected: at };
      case 'cut':
        return { offset: at };
      case 'lies':
        return await this.#refuse(id, 'file-too-large');
      case 'full':
        return await this.#refuse(id, 'files-full');
      case 'all':
        return await this.#finish(record);
    }
  }

  async #finish(record: FileRecord): Promise<Appended> {
    const { storage, now, bytesMax } = this.#options;
    const { id, type } = record;
    const found = await inspect(this.#folder.part(id), type);
    if (!found) return await this.#refuse(id, 'file-false');
    // Others may have been complete before it.
    if ((await storage.bytesOfFiles()) + record.bytes > bytesMax) return await this.#refuse(id, 'files-full');
    await this.#folder.complete(id);
    const { width = null, height = null } = found.size ?? {};
    const complete = { ...record, sha256: found.sha256, width, height, expiresAt: now() + UNSENT_MS };
    await storage.saveFile(complete);
    return { file: viewOf(complete) };
  }

  async #refuse(id: string, reason: FileRefusal): Promise<FileRefused> {
    await this.#remove(id);
    return { reason };
  }

  /** An upload of theirs that can still become part of a message. */
  async #unsent(by: Uploader, id: string): Promise<FileRecord | null> {
    const { storage, now } = this.#options;
    const record = await storage.file(id);
    if (!record || !isOf(record, by) || record.seq !== null || record.deletedAt !== null) return null;
    return (record.expiresAt ?? 0) > now() ? record : null;
  }

  async #stopWriting(id: string): Promise<void> {
    const writer = this.#writers.get(id);
    writer?.stop.abort();
    await writer?.done;
  }

  /** The content first: a record without content is tidied up, a content without a record might be overlooked. */
  async #remove(id: string): Promise<void> {
    await this.#folder.remove(id);
    await this.#options.storage.deleteFile(id);
    this.#taken.delete(id);
  }

  async #eraseAll(records: readonly FileRecord[]): Promise<void> {
    for (const { id } of records) {
      await this.#stopWriting(id);
      await this.#remove(id);
    }
  }

  async #tidy(): Promise<void> {
    const { storage } = this.#options;
    for (const { id, sha256 } of await storage.unsentFiles()) {
      if (sha256 === null && (await this.#folder.partSize(id)) === null) await storage.deleteFile(id);
    }
    await this.#removeExpired();
    await this.#folder.removeOthers(new Set(await storage.liveFileIds()));
  }

  async #removeExpired(): Promise<void> {
    const { storage, now } = this.#options;
    const unsent = await storage.unsentFiles();
    for (const { id, expiresAt } of unsent) {
      if ((expiresAt ?? 0) > now()) continue;
      // Its message may be on its way into the record; if it is not, it goes the next time.
      if (this.#taken.delete(id)) continue;
      await this.#stopWriting(id);
      await this.#remove(id);
    }
    // What the record says is sent needs no other mark.
    const waiting = new Set(unsent.map(({ id }) => id));
    for (const id of this.#taken.keys()) if (!waiting.has(id)) this.#taken.delete(id);
  }
}

function isOf(record: FileRecord, by: Uploader): boolean {
  if (record.shop !== by.shop) return false;
  return by.side === 'agent' ? record.uploader === by.agent : record.uploader === null && record.shopper === by.shopper;
}

export function viewOf({ id, name, type, bytes, width, height }: FileRecord): FileView {
  return { id, name, type, bytes, ...(width !== null && height !== null && { width, height }) };
}
