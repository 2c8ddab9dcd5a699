import { existsSync, mkdirSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assembled } from '../media/media.ts';
import type { RecordedParts, RecordingAvailability } from '../protocol/views.ts';
import type { RecordingRecord, Storage } from '../storage/storage.ts';
import { indexPage } from './page-index.ts';
import { PageWriter } from './page-writer.ts';
import type { FileOf, NewRecording, PageRecording, RecordedFile, RecordingContents, Recordings } from './recordings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SWEEP_MS = 10 * 60_000;
/** After a restart: so long a recording waits for its people to come back before it is put together. */
const RESUME_MS = 3 * 60_000;
/** Less free space than this, and nothing is begun: chat and orders need the disk too. */
const FREE_BYTES_MIN = 512 * 1024 * 1024;
/** The most that the page of one recording may have: many hours of a usual shop. */
const PAGE_BYTES_MAX = 256 * 1024 * 1024;
const PAGE = 'page.frames';
const PAGE_INDEX = 'page.json';
/** Ids are ours; that they are plain names is checked once more where a path is made of them. */
const PLAIN = /^[A-Za-z0-9_-]{1,64}$/;

export type KeptRecordingsOptions = {
  storage: Storage;
  /** The folder of all recordings; made when the first one begins. */
  dir: string;
  availability: RecordingAvailability;
  days: number;
  /** Puts a call's files together; null where this node cannot. */
  assemble: ((job: { folder: string; seconds: number; signal: AbortSignal }) => Promise<Assembled>) | null;
  now: () => number;
  log: { error(fields: object, message: string): void };
};

/** Recordings in a folder, one below it for each conversation, one below that for each recording. */
export class KeptRecordings implements Recordings {
  readonly #options: KeptRecordingsOptions;
  readonly #stop = new AbortController();
  /** Being written by this process. */
  readonly #live = new Set<string>();
  /** To be deleted as soon as nothing writes or reads them. */
  readonly #doomed = new Set<string>();
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  /** One after the other: the calls that go on need the processor. */
  #assembling: Promise<void> = Promise.resolve();

  private constructor(options: KeptRecordingsOptions) {
    this.#options = options;
  }

  /** Deletes what has expired and what a crash left behind, and takes up what it interrupted. */
  static async open(options: KeptRecordingsOptions): Promise<KeptRecordings> {
    const kept = new KeptRecordings(options);
    await kept.#tidy();
    kept.#timers.push(setInterval(() => kept.#inBackground(kept.#eraseExpired()), SWEEP_MS).unref());
    kept.#timers.push(setTimeout(() => kept.#inBackground(kept.#endForgotten()), RESUME_MS).unref());
    return kept;
  }

  availability(): RecordingAvailability {
    return this.#options.availability;
  }

  async begin(recording: NewRecording): Promise<string> {
    const { storage, days, availability } = this.#options;
    const { call, page } = availability;
    if ((recording.of.call && call !== 'ready') || (recording.of.page && !page)) throw new Error('it is not available');
    const known = await storage.recording(recording.id);
    if (known && known.status !== 'running') throw new Error('the recording has ended already');
    const folder = this.#folder(recording);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < FREE_BYTES_MIN) throw new Error('the disk is nearly full');
    this.#live.add(recording.id);
    const expiresAt = known?.expiresAt ?? recording.startedAt + days * DAY_MS;
    const { id, conversation, shop, shopper, startedAt, of } = recording;
    const begun = { id, conversation, shop, shopper, startedAt, expiresAt };
    await storage.saveRecording({ ...begun, endedAt: null, status: 'running', contents: { of } });
    return folder;
  }

  writePage(recording: NewRecording, ended: (outcome: 'full' | 'failed', error: Error) => void): PageRecording {
    const { now } = this.#options;
    const limits = { bytesMax: PAGE_BYTES_MAX, freeBytesMin: FREE_BYTES_MIN };
    const path = join(this.#folder(recording), PAGE);
    return new PageWriter({ path, startedAt: recording.startedAt, now, ...limits, ended });
  }

  async end(id: string, at: number): Promise<void> {
    const { storage } = this.#options;
    const record = await storage.recording(id);
    this.#live.delete(id);
    if (!record) return;
    if (this.#doomed.has(id)) return await this.#remove(record);
    if (record.status !== 'running') return;
    const ended: RecordingRecord = { ...record, endedAt: at, status: 'ended' };
    await storage.saveRecording(ended);
    this.#assembleLater(ended);
  }

  async find(id: string): Promise<{ record: RecordingRecord; contents: RecordingContents | null } | null> {
    const record = await this.#options.storage.recording(id);
    return record && !this.#doomed.has(id) ? { record, contents: contentsOf(record) } : null;
  }

  async file(id: string, of: FileOf): Promise<RecordedFile | null> {
    const found = await this.find(id);
    const contents = found && contentsOf(found.record);
    if (!contents) return null;
    const { record } = found;
    const name = fileName(contents, of);
    const path = name && join(this.#folder(record), name);
    if (!path || !existsSync(path)) return null;
    const day = new Date(record.startedAt).toISOString().slice(0, 16).replace(/[T:]/g, '-');
    const kind = of === 'page' || of === 'page-index' ? 'page' : 'call';
    const mimeType = mimeTypeOf(of, name);
    return { path, bytes: statSync(path).size, mimeType, name: `${kind}-${day}.${name.split('.').at(-1)}` };
  }

  async erase(id: string): Promise<void> {
    const record = await this.#options.storage.recording(id);
    if (!record) return;
    this.#doomed.add(id);
    if (!this.#live.has(id)) return await this.#remove(record);
    // Should the process die before it ends, the next one deletes it.
    await this.#options.storage.saveRecording({ ...record, expiresAt: 0 });
  }

  async eraseConversation(conversation: string): Promise<void> {
    for (const { id } of await this.#options.storage.recordingsOf(conversation)) await this.erase(id);
  }

  async eraseShopper(shop: string, shopper: string): Promise<void> {
    for (const { id } of await this.#options.storage.recordingsOfShopper(shop, shopper)) await this.erase(id);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#assembling;
  }

  #folder({ conversation, id }: Pick<RecordingRecord, 'conversation' | 'id'>): string {
    if (!PLAIN.test(conversation) || !PLAIN.test(id)) throw new Error('not a name of ours');
    return join(this.#options.dir, conversation, id);
  }

  /** The files first: a record without files is tidied up, files without a record might be overlooked. */
  async #remove(record: RecordingRecord): Promise<void> {
    await rm(this.#folder(record), { recursive: true, force: true });
    await this.#options.storage.deleteRecording(record.id);
    this.#doomed.delete(record.id);
  }

  #assembleLater(record: RecordingRecord): void {
    this.#assembling = this.#assembling
      .then(() => this.#assemble(record))
      .catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'a recording could not be saved');
      });
  }

  async #assemble(record: RecordingRecord): Promise<void> {
    const { storage, assemble, log } = this.#options;
    const { signal } = this.#stop;
    const { call } = begunWith(record);
    if (signal.aborted || (call && !assemble)) return;
    const folder = this.#folder(record);
    const seconds = ((record.endedAt ?? record.startedAt) - record.startedAt) / 1000;
    let made: RecordingRecord;
    try {
      const page = await madePage(folder);
      const { bytes = 0, ...assembled } = call && assemble ? await assemble({ folder, seconds, signal }) : NO_CALL;
      const contents: StoredContents = {
        ...assembled,
        seconds: Math.max(seconds, assembled.seconds, page.until / 1000),
        bytes: bytes + page.bytes,
        of: { call, page: page.bytes > 0 },
      };
      made = { ...record, status: 'ready', contents };
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error }, 'a recording could not be put together');
      made = { ...record, status: 'failed' };
    }
    if (this.#doomed.has(record.id) || !(await storage.recording(record.id))) return await this.#remove(record);
    await storage.saveRecording(made);
  }

  async #tidy(): Promise<void> {
    const records = await this.#options.storage.recordings();
    const known = new Set(records.map((record) => this.#folder(record)));
    for (const folder of foldersIn(this.#options.dir).flatMap(foldersIn)) {
      if (!known.has(folder)) await rm(folder, { recursive: true, force: true });
    }
    for (const record of records) {
      if (!existsSync(this.#folder(record))) await this.#remove(record);
      else if (record.status === 'ended') this.#assembleLater(record);
    }
    await this.#eraseExpired();
  }

  async #eraseExpired(): Promise<void> {
    const { storage, now } = this.#options;
    for (const { id, expiresAt } of await storage.recordings()) if (expiresAt <= now()) await this.erase(id);
  }

  /** Their conversations were not opened again after a restart: what there is of them is kept as it is. */
  async #endForgotten(): Promise<void> {
    for (const record of await this.#options.storage.recordings()) {
      if (record.status !== 'running' || this.#live.has(record.id)) continue;
      await this.end(record.id, lastWritten(this.#folder(record)) ?? record.startedAt);
    }
  }

  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.#options.log.error({ err: error }, 'recordings could not be tidied up'));
  }
}

type StoredContents = RecordingContents & Partial<Pick<Assembled, 'sound' | 'whole'>>;

const NO_CALL: Partial<Assembled> & Pick<Assembled, 'seconds' | 'tracks' | 'silences'> = {
  seconds: 0,
  tracks: [],
  silences: [],
};

/** Records of before were all of calls. */
const OF_A_CALL: RecordedParts = { call: true, page: false };

function begunWith({ contents }: RecordingRecord): RecordedParts {
  // Written by `begin` and `#assemble` alone.
  return (contents as { of?: RecordedParts } | null)?.of ?? OF_A_CALL;
}

function contentsOf(record: RecordingRecord): StoredContents | null {
  if (record.status !== 'ready' || !record.contents) return null;
  // Old ones do not say where nobody is heard.
  const contents = record.contents as Omit<StoredContents, 'silences'> & Partial<StoredContents>;
  return { ...contents, silences: contents.silences ?? [], of: begunWith(record) };
}

function fileName({ of: parts, sound, whole, tracks }: StoredContents, of: FileOf): string | undefined {
  switch (of) {
    case 'sound':
      return sound;
    case 'whole':
      return whole;
    case 'page':
      return parts.page ? PAGE : undefined;
    case 'page-index':
      return parts.page ? PAGE_INDEX : undefined;
    default:
      return tracks.find(({ n }) => n === of)?.file;
  }
}

function mimeTypeOf(of: FileOf, name: string): string {
  if (of === 'page') return 'application/octet-stream';
  if (of === 'page-index') return 'application/json';
  if (name.endsWith('.mp4')) return 'video/mp4';
  return of === 'whole' ? 'video/x-matroska' : `${of === 'sound' ? 'audio' : 'video'}/webm`;
}

/** What there is of a page gets its index beside it; nothing, where no picture of it ever came. */
async function madePage(folder: string): Promise<{ bytes: number; until: number }> {
  const path = join(folder, PAGE);
  const index = existsSync(path) ? await indexPage(path) : null;
  if (!index || index.parts.length === 0) return { bytes: 0, until: 0 };
  await writeFile(join(folder, PAGE_INDEX), JSON.stringify(index), { mode: 0o600 });
  return index;
}

function foldersIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const entries = readdirSync(dir, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(dir, name));
}

function lastWritten(folder: string): number | null {
  const times = readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs);
  return times.length > 0 ? Math.round(Math.max(...times)) : null;
}
