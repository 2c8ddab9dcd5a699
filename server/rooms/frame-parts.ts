import { COBROWSE_HEADER_BYTES, encodeCobrowseFrame, type CobrowseHeader } from '../protocol/cobrowse-frame.ts';
import { COBROWSE_FRAME_MAX } from '../protocol/limits.ts';

/** Parts of a frame: a frame of the largest size in small ones. */
const PARTS_MAX = 8_192;

/** What became of a part: the whole frame, or how many bytes of its payload are here, or it is too large. */
export type Assembled = { frame: Uint8Array } | { bytes: number } | 'too-large' | 'none';

/** Puts the parts of one frame together; bounded. A frame that begins again (after a lost socket) replaces its beginning. */
export class FrameParts {
  #epoch = 0;
  #seq = 0;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /** Bytes of the payload that is being put together, if it is one of this epoch. */
  bytesOf(epoch: number): number {
    return epoch === this.#epoch ? this.#bytes : 0;
  }

  take(header: CobrowseHeader, frame: Uint8Array): Assembled {
    if (!header.more && !header.continued) {
      this.clear();
      return { frame };
    }
    const { epoch, seq } = header;
    if (!header.continued) {
      this.clear();
      this.#epoch = epoch;
      this.#seq = seq;
    } else if (epoch !== this.#epoch || seq !== this.#seq) {
      return 'none';
    }
    this.#bytes += frame.byteLength - COBROWSE_HEADER_BYTES;
    if (this.#bytes > COBROWSE_FRAME_MAX || this.#parts.length >= PARTS_MAX) {
      this.clear();
      return 'too-large';
    }
    // A copy: what came with it on the socket is not to be kept.
    this.#parts.push(new Uint8Array(frame.subarray(COBROWSE_HEADER_BYTES)));
    if (header.more) return { bytes: this.#bytes };
    const whole = encodeCobrowseFrame({ ...header, more: false, continued: false }, Buffer.concat(this.#parts));
    this.clear();
    return { frame: whole };
  }

  clear(): void {
    this.#epoch = this.#seq = this.#bytes = 0;
    this.#parts = [];
  }
}
