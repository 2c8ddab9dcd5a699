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

/** What has left this browser since the last whole page, so that the shopper can look at it too. */
export class Left {
  #frames: LeftFrame[] = [];
  #bytes = 0;
  #listener: LeftListener = null;

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
    for (const frame of this.#frames) this.#tell(frame);
  }

  #tell({ payload, ...header }: LeftFrame): void {
    this.#listener?.(encodeCobrowseFrame({ ...header, channel: 0 }, payload));
  }
}
