import {
  COBROWSE_HEADER_BYTES,
  readCobrowseHeader,
  type CobrowseHeader,
} from '../../server/protocol/cobrowse-frame.ts';
import { COBROWSE_INFLATED_MAX } from '../../server/protocol/limits.ts';
import { restore } from '../../server/protocol/compact-nodes.ts';
import { SheetShelf } from './sheet-shelf.ts';

const PAST_STREAMS = 16;

export type StreamHandlers = {
  /** A page; `fresh` where it is not the one that was shown before. What follows waits for what is returned. */
  onSnapshot(epoch: number, payload: unknown, fresh: boolean): Promise<void> | void;
  onEvents(payload: unknown): void;
  onCursor(payload: unknown): void;
  /** Everything up to here is done. */
  onApplied(epoch: number, seq: number): void;
  /** What came cannot be applied without a snapshot. Said once until one comes. */
  onGap(): void;
};

/** Binary frames as they arrive → payloads in order, each once, none across a gap. */
export class FrameStream {
  readonly #handlers: StreamHandlers;
  readonly #decoder = new TextDecoder();
  readonly #sheets = new SheetShelf();
  /** Session and recorder that the frames are of; those of earlier ones are late and void. */
  #stream: string | null = null;
  readonly #past: string[] = [];
  #seq = 0;
  #asked = false;
  #waiting = 0;
  #queue: Promise<void> = Promise.resolve();
  #generation = 0;

  constructor(handlers: StreamHandlers) {
    this.#handlers = handlers;
  }

  receive(buffer: ArrayBuffer): void {
    const frame = new Uint8Array(buffer);
    const header = readCobrowseHeader(frame);
    if (!header) return;
    const body = frame.subarray(COBROWSE_HEADER_BYTES);
    // Without a detour through promises wherever nothing has to be unpacked.
    if (this.#waiting === 0 && header.encoding === 'json') void this.#take(header, body);
    else this.#queue = this.#takeAfter(this.#queue, header, body);
  }

  /** Does something when everything that came before it is done; not at all after a `reset`. */
  afterwards(act: () => void): void {
    if (this.#waiting === 0) act();
    else this.#queue = this.#actAfter(this.#queue, act);
  }

  /** Forgets everything; what comes next must be a snapshot. */
  reset(): void {
    this.#generation += 1;
    this.#sheets.clear();
    this.#stream = null;
    this.#past.length = 0;
    this.#seq = 0;
    this.#asked = false;
  }

  async #takeAfter(before: Promise<void>, header: CobrowseHeader, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const generation = this.#generation;
    this.#waiting += 1;
    await before;
    try {
      const bytes = header.encoding === 'json' ? body : await inflate(body);
      if (generation === this.#generation) await this.#take(header, bytes);
    } catch {
      this.#gap();
    } finally {
      this.#waiting -= 1;
    }
  }

  async #actAfter(before: Promise<void>, act: () => void): Promise<void> {
    const generation = this.#generation;
    this.#waiting += 1;
    await before;
    this.#waiting -= 1;
    if (generation === this.#generation) act();
  }

  #take(header: CobrowseHeader, body: Uint8Array): Promise<void> | void {
    const { kind, epoch, seq } = header;
    if (kind === 'sheets') {
      this.#sheets.add(parse(this.#decoder.decode(body)));
      return;
    }
    const stream = `${header.channel} ${epoch}`;
    if (this.#past.includes(stream)) return;
    const known = stream === this.#stream;
    if (kind === 'cursor') {
      if (known) this.#handlers.onCursor(parse(this.#decoder.decode(body)));
      return;
    }
    if (known && seq <= this.#seq) return;
    if (kind === 'events' && (!known || seq !== this.#seq + 1)) {
      this.#gap();
      return;
    }
    const payload = restore(parse(this.#decoder.decode(body)));
    if (!this.#sheets.fill(payload)) {
      this.#gap();
      return;
    }
    if (kind === 'snapshot') {
      this.#begin(stream);
      this.#seq = seq;
      const seen = this.#handlers.onSnapshot(epoch, payload, !known);
      this.#handlers.onApplied(epoch, seq);
      return seen;
    }
    this.#seq = seq;
    this.#handlers.onEvents(payload);
    this.#handlers.onApplied(epoch, seq);
  }

  #begin(stream: string): void {
    this.#asked = false;
    if (stream === this.#stream) return;
    if (this.#stream !== null) this.#past.push(this.#stream);
    if (this.#past.length > PAST_STREAMS) this.#past.shift();
    this.#stream = stream;
  }

  #gap(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#handlers.onGap();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function inflate(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  // What is wrong with it is found where it is read.
  Promise.all([writer.write(body), writer.close()]).catch(() => {});
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of readParts(readable)) {
    size += part.byteLength;
    if (size > COBROWSE_INFLATED_MAX) throw new Error('A co-browsing frame is too large.');
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** Not `for await` over the stream itself: Safari cannot. */
async function* readParts(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let { done, value } = await reader.read(); !done && value; { done, value } = await reader.read()) yield value;
  } finally {
    await reader.cancel();
  }
}
