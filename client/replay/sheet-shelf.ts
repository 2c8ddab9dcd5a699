import {
  SHEETS_TEXT_MAX,
  SHEET_ATTRIBUTE,
  eachWritten,
  isSheet,
  sheetsIn,
  type Sheet,
} from '../../server/protocol/sheets.ts';

/** The texts of a session's stylesheets, by hash, bounded: what was used longest ago goes first. */
export class SheetShelf {
  readonly #texts = new Map<string, string>();
  #length = 0;

  /** What a `sheets` frame brings. */
  add(payload: unknown): void {
    if (Array.isArray(payload)) for (const sheet of payload) if (isSheet(sheet)) this.#keep(sheet);
  }

  /** Puts texts where a payload has hashes, in place. False: one is not known. */
  fill(payload: unknown): boolean {
    for (const sheet of sheetsIn(payload)) this.#keep(sheet);
    let complete = true;
    eachWritten(payload, (attributes) => {
      const hash = attributes[SHEET_ATTRIBUTE];
      if (typeof hash !== 'string') return;
      const text = this.#texts.get(hash);
      complete &&= text !== undefined;
      delete attributes[SHEET_ATTRIBUTE];
      if (text === undefined) return;
      attributes['_cssText'] = text;
      this.#keep({ hash, text });
    });
    return complete;
  }

  clear(): void {
    this.#texts.clear();
    this.#length = 0;
  }

  #keep({ hash, text }: Sheet): void {
    this.#forget(hash);
    this.#texts.set(hash, text);
    this.#length += text.length;
    for (const oldest of this.#texts.keys()) {
      // Twice what the server keeps, so that it never forgets what the server takes for known here.
      if (this.#length <= 2 * SHEETS_TEXT_MAX) break;
      this.#forget(oldest);
    }
  }

  #forget(hash: string): void {
    this.#length -= this.#texts.get(hash)?.length ?? 0;
    this.#texts.delete(hash);
  }
}
