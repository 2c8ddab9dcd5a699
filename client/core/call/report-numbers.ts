import type { CallNumbers } from '../../../server/protocol/call-numbers.ts';
import type { Ask } from './media-link.ts';

const EVERY_MS = 5_000;

/** Tells the server how the call goes, for the shop's record: what has changed, at most every few seconds. */
export class NumbersReport {
  readonly #ask: Ask;
  readonly #numbers: () => CallNumbers | null;
  #told = '';
  #next: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: Ask, numbers: () => CallNumbers | null) {
    this.#ask = ask;
    this.#numbers = numbers;
  }

  /** From the first numbers on, until it is closed. Twice is fine. */
  begin(): void {
    if (this.#next === undefined && this.#numbers()) this.#tell();
  }

  close(): void {
    clearTimeout(this.#next);
  }

  #tell(): void {
    this.#next = setTimeout(() => this.#tell(), EVERY_MS);
    const numbers = this.#numbers();
    const json = JSON.stringify(numbers);
    if (!numbers || json === this.#told) return;
    this.#told = json;
    // One that is lost is made good by the next.
    this.#ask({ type: 'call.report', numbers }).catch(() => (this.#told = ''));
  }
}
