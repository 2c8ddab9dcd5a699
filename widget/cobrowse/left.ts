import { encodeCobrowseFrame, type CobrowseEncoding, type CobrowseKind } from '../../server/protocol/cobrowse-frame.ts';

/** A frame of which every byte was given to the socket. */
export type LeftFrame = {
  epoch: number;
  seq: number;
  kind: CobrowseKind;
  encoding: CobrowseEncoding;
  payload: Uint8Array;
};

/** Whole frames, as the agent's browser gets them. */
export type LeftListener = ((frame: Uint8Array<ArrayBuffer>) => void) | null;

/** Beyond this a new whole page is asked for instead. */
const BYTES_MAX = 4_000_000;

/** Texts of stylesheets that left in this session, by their hashes: what frames of this page refer to. */
export type LeftSheets = { texts(): Iterable<[text: string, hash: string]> };

/** What has left this browser since the last whole page, so that the shopper can look at it too. */
export class Left {
  readonly #sheets: LeftSheets;
  readonly #encoder = new TextEncoder();
  #frames: LeftFrame[] = [];
  #bytes = 0;
  #listener: LeftListener = null;
  /** Hashes that the listener has been given. */
  #given = new Set<string>();

  constructor(sheets: LeftSheets) {
    this.#sheets = sheets;
  }

  add(frame: LeftFrame): void {
    if (frame.kind === 'snapshot' || this.#bytes > BYTES_MAX) {
      this.#frames = [];
      this.#bytes = 0;
    }
    this.#frames.push(frame);
    this.#bytes += frame.payload.byteLength;
    this.#tell(frame);
  }

  /** Calls with what has left, and then with each frame when it leaves; one listener, null takes it away. */
  watch(listener: LeftListener): void {
    this.#listener = listener;
    this.#given.clear();
    for (const frame of this.#frames) this.#tell(frame);
  }

  #tell({ payload, ...header }: LeftFrame): void {
    if (!this.#listener) return;
    this.#tellSheets(header.epoch);
    this.#listener(encodeCobrowseFrame({ ...header, channel: 0 }, payload));
  }

  /** A page that refers to what an earlier one has sent does not send it again. */
  #tellSheets(epoch: number): void {
    const lacking = [...this.#sheets.texts()].filter(([, hash]) => !this.#given.has(hash));
    if (lacking.length === 0) return;
    for (const [, hash] of lacking) this.#given.add(hash);
    const payload = this.#encoder.encode(JSON.stringify(lacking.map(([text, hash]) => ({ hash, text }))));
    const header = { kind: 'sheets', encoding: 'json', channel: 0, epoch, seq: 0 } as const;
    this.#listener?.(encodeCobrowseFrame(header, payload));
  }
}
