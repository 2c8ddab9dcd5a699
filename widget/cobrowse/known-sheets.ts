import type { PageEvent } from '../../server/protocol/cobrowse-event.ts';
import { mentionsIn } from './style-lexicon.ts';
import { SHEETS_REMEMBERED, SHEET_ATTRIBUTE, SHEET_TEXT_MAX, eachWritten } from '../../server/protocol/sheets.ts';

/** A shorter text is not worth a hash. */
const WORTH = 1_000;
const KEY = 'cobrowse-sheets';
const KEY_BEFORE = 'cobrowse-before';
/** As many large stylesheets are recognized on the next page. */
const BEFORE_MAX = 12;
/** What is worth to be remembered of what a text mentions, in UTF-16 code units. */
const MENTIONS_MAX = 4_000;

/** Of a large text. */
type Before = [name: string, hash: string, mentions: string];

function readBefore(kept: string | null): Before[] {
  try {
    const read: unknown = JSON.parse(kept ?? '[]');
    return Array.isArray(read) ? read.filter((each): each is Before => Array.isArray(each)) : [];
  } catch {
    return [];
  }
}

/** The session that the page before in this tab was shown in; NaN: in none. */
export function sessionBefore(memory: SheetMemory): number {
  return Number.parseInt(memory.get(KEY) ?? '', 10);
}

export function forgetSession(memory: SheetMemory): void {
  memory.set(KEY, null);
}

/** Of this tab, over page loads. */
export type SheetMemory = { get(name: string): string | null; set(name: string, value: string | null): void };

/** The stylesheets that the server has got in this session: their text is not sent again, also not by the next page. */
export class KnownSheets {
  readonly #memory: SheetMemory;
  readonly #session: string;
  #known: Set<string>;
  /** Of the texts of this page. */
  readonly #hashes = new Map<string, string>();
  /** By text. */
  readonly #names = new Map<string, string>();
  /** The newest first. */
  #before: Before[];

  constructor(memory: SheetMemory, session: number) {
    this.#memory = memory;
    this.#session = String(session);
    const [of, ...known] = memory.get(KEY)?.split(' ') ?? [];
    this.#known = new Set(of === this.#session ? known : []);
    this.#before = readBefore(memory.get(KEY_BEFORE));
    this.#remember();
  }

  /** What a stylesheet of this name was on the page before, where it may be referred to; `learn` is told what it mentions. */
  find(name: string, learn: (mentions: string) => void): string | null {
    const [, hash, mentions] = this.#before.find(([known, of]) => known === name && this.has(of)) ?? [];
    if (!hash) return null;
    learn(mentions ?? '');
    return hash;
  }

  /** Whether a text that this page has not read may be referred to: the shopper's own window has only what it has. */
  has(hash: string): boolean {
    return this.#known.has(hash) && !this.#memory.get('seen');
  }

  /** A stylesheet of this name has this text. */
  note(name: string, text: string): void {
    this.#names.set(text, name);
  }

  /** Puts hashes in the place of texts, in place, and what the server lacks in front. `brings`: the hashes of that. */
  async refer(events: readonly PageEvent[]): Promise<{ events: readonly PageEvent[]; brings: string[] }> {
    const written: { attributes: Record<string, unknown>; text: string }[] = [];
    eachWritten(events, (attributes) => {
      const text = attributes['_cssText'];
      if (typeof text === 'string' && text.length >= WORTH && text.length <= SHEET_TEXT_MAX)
        written.push({ attributes, text });
    });
    const lacking = new Map<string, PageEvent>();
    for (const { attributes, text } of written) {
      const hash = await this.hash(text);
      if (hash === null) break;
      delete attributes['_cssText'];
      attributes[SHEET_ATTRIBUTE] = hash;
      if (!this.#known.has(hash)) lacking.set(hash, { type: 5, data: { tag: 'sheet', payload: { hash, text } } });
    }
    return { events: [...lacking.values(), ...events], brings: [...lacking.keys()] };
  }

  /** Every text of this page that was referred to, with its hash. */
  texts(): Iterable<[text: string, hash: string]> {
    return this.#hashes.entries();
  }

  /** The server has them. */
  learn(hashes: readonly string[]): void {
    if (hashes.length === 0) return;
    this.#known = new Set([...this.#known, ...hashes].slice(-SHEETS_REMEMBERED));
    this.#remember();
  }

  /** The server does not have them (any more). */
  forget(hashes: 'all' | readonly string[]): void {
    if (hashes.length === 0) return;
    this.#known = new Set(hashes === 'all' ? [] : [...this.#known].filter((hash) => !hashes.includes(hash)));
    this.#remember();
  }

  #remember(): void {
    this.#memory.set(KEY, [this.#session, ...this.#known].join(' '));
  }

  /** Null where the page is not served securely: such a browser makes no hashes. */
  async hash(text: string): Promise<string | null> {
    const known = this.#hashes.get(text);
    if (known !== undefined) return known;
    if (!isSecureContext) return null;
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)));
    const hash = base64.replaceAll('+', '-').replaceAll('/', '_').replace('=', '');
    this.#hashes.set(text, hash);
    const name = this.#names.get(text);
    const mentions = name ? mentionsIn(text) : '';
    if (name && mentions.length <= MENTIONS_MAX) {
      const named: Before = [name, hash, mentions];
      this.#before = [named, ...this.#before.filter(([known]) => known !== name)].slice(0, BEFORE_MAX);
      this.#memory.set(KEY_BEFORE, JSON.stringify(this.#before));
    }
    return hash;
  }
}
