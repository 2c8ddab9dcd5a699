import {
  BLOCK_HEADER_BYTES,
  readBlockHeader,
  readItems,
  type PageIndex,
  type RecordedItem,
} from '../../../server/protocol/recorded-page.ts';

/** From one whole page to the next; so many of them are kept. */
const PARTS_KEPT = 8;

/** A recorded page, read part by part: each begins with a whole page. */
export class PageFile {
  readonly #address: string;
  readonly #index: PageIndex;
  readonly #parts = new Map<number, Promise<RecordedItem[]>>();
  readonly #here = new Map<number, RecordedItem[]>();

  constructor(address: string, index: PageIndex) {
    this.#address = address;
    this.#index = index;
  }

  /** When the first picture came, in milliseconds. */
  get begins(): number {
    return this.#index.parts[0]?.at ?? 0;
  }

  /** The part to begin with, to see a moment (in milliseconds); -1 before the first. */
  partAt(moment: number): number {
    return this.#index.parts.findLastIndex(({ at }) => at <= moment);
  }

  /** Null: it is not here yet. */
  items(part: number): readonly RecordedItem[] | null {
    return this.#here.get(part) ?? null;
  }

  /** Rejects when the service does not give it; the next call asks again. */
  async load(part: number): Promise<void> {
    const loading = this.#parts.get(part) ?? this.#fetch(part);
    // The part that was wanted last is forgotten last.
    this.#parts.delete(part);
    this.#parts.set(part, loading);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > PARTS_KEPT && oldest !== undefined) {
      this.#parts.delete(oldest);
      this.#here.delete(oldest);
    }
    try {
      const items = await loading;
      if (this.#parts.get(part) === loading) this.#here.set(part, items);
    } catch (error) {
      if (this.#parts.get(part) === loading) this.#parts.delete(part);
      throw error;
    }
  }

  async #fetch(part: number): Promise<RecordedItem[]> {
    const { parts, bytes } = this.#index;
    const [from, next] = [parts[part]?.offset, parts[part + 1]?.offset ?? bytes];
    if (from === undefined) return [];
    const response = await fetch(`${this.#address}/page`, { headers: { Range: `bytes=${from}-${next - 1}` } });
    if (response.status !== 206) throw new Error(`page: ${response.status}`);
    return await itemsIn(new Uint8Array(await response.arrayBuffer()));
  }
}

async function itemsIn(bytes: Uint8Array<ArrayBuffer>): Promise<RecordedItem[]> {
  const items: RecordedItem[] = [];
  for (let from = 0; from < bytes.byteLength;) {
    const header = readBlockHeader(bytes.subarray(from));
    if (!header) break;
    const end = from + BLOCK_HEADER_BYTES + header.bytes;
    const body = bytes.subarray(from + BLOCK_HEADER_BYTES, end);
    items.push(...readItems(header.compressed ? await inflate(body) : body));
    from = end;
  }
  return items;
}

async function inflate(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
