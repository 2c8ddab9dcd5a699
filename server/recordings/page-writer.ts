import { open, statfs, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { readCobrowseHeader } from '../protocol/cobrowse-frame.ts';
import {
  BLOCK_HEADER_BYTES,
  encodeBlockHeader,
  encodeItem,
  type BlockBegins,
  type RecordedPointing,
} from '../protocol/recorded-page.ts';
import { wholeBlocks } from './page-blocks.ts';
import type { PageRecording } from './recordings.ts';
import { StandingPointing } from './standing-pointing.ts';

/** So long something waits to be written with what comes after it: so much is lost when the process is killed. */
const GATHER_MS = 500;
/** So much is not kept waiting. */
const GATHER_BYTES = 256 * 1024;
/** More than this waits only where the disk does not take it. */
const QUEUE_BYTES_MAX = 32 * 1024 * 1024;
const LOOK_AT_DISK_MS = 5_000;

const deflate = promisify(deflateRaw);

export type PageWriterOptions = {
  path: string;
  /** The recording's zero, in milliseconds since the epoch. */
  startedAt: number;
  now: () => number;
  /** The most that the file may have. */
  bytesMax: number;
  /** With less free space than this it ends: chat and orders need the disk too. */
  freeBytesMin: number;
  /** It has ended by itself. */
  ended: (outcome: 'full' | 'failed', error: Error) => void;
};

/** `first`: a block begins with it. */
type Item = {
  bytes: Uint8Array;
  at: number;
  epoch: number;
  begins: BlockBegins;
  first: boolean;
  packed: boolean;
};

/**
 * Writes what a console is sent into a file, at most half a second after it came, and never in anybody's way. Frames that are
 * packed already stay as they are; the small ones are packed together.
 */
export class PageWriter implements PageRecording {
  readonly #options: PageWriterOptions;
  readonly #opened: Promise<FileHandle>;
  #queue: Item[] = [];
  #queuedBytes = 0;
  #bytes = 0;
  /** Of the page that is shown; null before the first whole one, which is what a player begins with. */
  #epoch: number | null = null;
  /** A page has begun, and its snapshot has not come. */
  #begun = false;
  #stroke: number | null = null;
  readonly #standing = new StandingPointing();
  #at = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void>;
  #lookedAt = -Infinity;
  #over = false;
  #stopped: Promise<void> | null = null;

  constructor(options: PageWriterOptions) {
    this.#options = options;
    this.#opened = this.#open();
    this.#writing = this.#orEnd(this.#opened);
  }

  frame(frame: Uint8Array, part: number | null): void {
    const header = readCobrowseHeader(frame);
    if (!header || this.#over) return;
    if (part !== null && part !== this.#epoch) this.#standing.clear();
    this.#epoch = part ?? this.#epoch;
    if (this.#epoch === null) return;
    const first = part !== null || header.kind === 'snapshot';
    // What a page needs comes before it: nobody is to seek to a moment between the two.
    const together = part === null && this.#begun;
    this.#begun = (part !== null || this.#begun) && header.kind !== 'snapshot';
    this.#add('frame', frame, {
      together,
      begins: part === null ? 'nothing' : 'page',
      first,
      packed: header.encoding !== 'json',
    });
    if (header.kind !== 'snapshot') return;
    // A player that begins here knows nothing of what was pointed at before.
    const how = { together: true, begins: 'nothing', first: false, packed: false } as const;
    for (const pointing of this.#standing.again(this.#epoch)) this.#add('pointing', encoded(pointing), how);
  }

  points(pointing: RecordedPointing): void {
    if (this.#over || this.#epoch !== pointing.epoch) return;
    this.#standing.note(pointing);
    const begins = this.#beginning(pointing);
    this.#add('pointing', encoded(pointing), {
      begins,
      first: begins !== 'nothing',
      packed: false,
    });
  }

  async stop(): Promise<void> {
    this.#over = true;
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#flush();
    await this.#writing;
    const file = await this.#opened.catch(() => null);
    await file?.close();
  }

  /** What a crash left half written is cut off: it goes on behind the last whole block. */
  async #open(): Promise<FileHandle> {
    const file = await open(this.#options.path, 'a+', 0o600);
    try {
      this.#bytes = await wholeBlocks(file);
      await file.truncate(this.#bytes);
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  #add(
    kind: 'frame' | 'pointing',
    content: Uint8Array,
    { together = false, ...how }: Pick<Item, 'begins' | 'first' | 'packed'> & { together?: boolean },
  ): void {
    const { now, startedAt } = this.#options;
    if (!together) this.#at = Math.max(this.#at, now() - startedAt);
    const item = encodeItem(kind, this.#at, content);
    this.#queue.push({ bytes: item, at: this.#at, epoch: this.#epoch ?? 0, ...how });
    this.#queuedBytes += item.byteLength;
    if (this.#queuedBytes > QUEUE_BYTES_MAX) return this.#end('failed', new Error('the disk does not keep up'));
    if (this.#queuedBytes > GATHER_BYTES) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
  }

  #beginning(pointing: RecordedPointing): BlockBegins {
    if (pointing.type === 'point') return 'shopper-points';
    const goesOn = pointing.type === 'stroke' && pointing.stroke === this.#stroke;
    this.#stroke = pointing.type === 'stroke' ? pointing.stroke : null;
    const shows = pointing.type === 'stroke' || (pointing.type === 'highlight' && pointing.node !== null);
    return shows && !goesOn ? 'agent-points' : 'nothing';
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#orEnd(this.#writing.then(async () => await this.#write()));
  }

  async #orEnd(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#end('failed', error);
    }
  }

  async #write(): Promise<void> {
    const items = this.#queue;
    if (items.length === 0) return;
    this.#queue = [];
    const file = await this.#opened;
    await this.#lookAtDisk();
    for (const run of runsOf(items)) {
      const block = await blockOf(run);
      if (this.#bytes + block.byteLength > this.#options.bytesMax) {
        return this.#end('full', new Error('the recording has reached its largest size'));
      }
      await file.appendFile(block);
      this.#bytes += block.byteLength;
      this.#queuedBytes -= run.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    }
  }

  async #lookAtDisk(): Promise<void> {
    const { now, path, freeBytesMin } = this.#options;
    if (Math.abs(now() - this.#lookedAt) < LOOK_AT_DISK_MS) return;
    this.#lookedAt = now();
    const { bavail, bsize } = await statfs(dirname(path));
    if (bavail * bsize < freeBytesMin) throw new Error('the disk is nearly full');
  }

  #end(outcome: 'full' | 'failed', error: unknown): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    clearTimeout(this.#timer);
    const told = this.#over;
    this.#over = true;
    if (!told) this.#options.ended(outcome, error instanceof Error ? error : new Error(String(error)));
  }
}

function encoded(pointing: RecordedPointing): Buffer {
  return Buffer.from(JSON.stringify(pointing));
}

/** Items that go into one block: where something to jump to begins, a block does, and where a page is to be seen. */
function runsOf(items: readonly Item[]): Item[][] {
  const runs: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const run = runs.at(-1);
    const joins = run && !item.first && run[0]?.packed === item.packed && bytes < GATHER_BYTES;
    if (joins) run.push(item);
    else runs.push([item]);
    bytes = item.bytes.byteLength + (joins ? bytes : 0);
  }
  return runs;
}

async function blockOf(run: readonly Item[]): Promise<Buffer> {
  const [first] = run;
  if (!first) return Buffer.alloc(0);
  const plain = Buffer.concat(run.map(({ bytes }) => bytes));
  const packed = first.packed ? plain : await deflate(plain);
  const compressed = packed.byteLength < plain.byteLength;
  const body = compressed ? packed : plain;
  const { at, epoch, begins } = first;
  const header = encodeBlockHeader({ compressed, begins, bytes: body.byteLength, at, epoch });
  return Buffer.concat([header, body], BLOCK_HEADER_BYTES + body.byteLength);
}
