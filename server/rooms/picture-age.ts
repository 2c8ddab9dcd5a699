import type { Beat } from '../protocol/cobrowse-frame.ts';

/** Answers that are remembered: beats come twice a second. */
const ANSWERS_KEPT = 120;
const BEAT_BYTES = 200;
const LONGEST_MS = 3_600_000;

/**
 * How old the picture is that has come from the shopper's tab, by echo alone: a beat says how long ago the last answer
 * came, and when that answer left is known here. So no clock of the shopper's is trusted, and what the way back takes is
 * counted in: the age is never said too low.
 */
export class PictureAge {
  /** At the time of the last beat, in milliseconds. */
  ms = 0;
  #answered = new Map<number, number>();

  /** Takes a beat's payload. Its number, or null where it is none. `now`: milliseconds of this process. */
  take(payload: Uint8Array, now: number): number | null {
    const beat = payload.byteLength <= BEAT_BYTES ? readBeat(payload) : null;
    if (!beat) return null;
    const left = this.#answered.get(beat.echo);
    const way = left === undefined ? 0 : Math.max(0, now - left - beat.held);
    this.ms = Math.min(beat.behind + way, LONGEST_MS);
    this.#answered.set(beat.beat, now);
    for (const number of this.#answered.keys()) {
      if (this.#answered.size <= ANSWERS_KEPT) break;
      this.#answered.delete(number);
    }
    return beat.beat;
  }
}

function readBeat(payload: Uint8Array): Beat | null {
  try {
    const value = JSON.parse(new TextDecoder().decode(payload)) as Partial<Record<keyof Beat, unknown>> | null;
    if (typeof value !== 'object' || value === null) return null;
    const { beat, echo, held, behind } = value;
    return isCount(beat) && isCount(echo) && isCount(held) && isCount(behind) ? { beat, echo, held, behind } : null;
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
