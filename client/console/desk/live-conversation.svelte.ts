import type { Basket } from '../../../server/protocol/basket.ts';
import type { Entry } from '../../../server/protocol/entry.ts';
import type { ConversationView } from '../../../server/protocol/views.ts';
import type { Connection } from '../../core/connection.ts';
import { Thread, type PendingMessage } from '../../core/thread.ts';
import type { Floor } from './floor.ts';
import type { Product } from '../../../server/protocol/product.ts';
import type { PageWatch } from '../stage/page-watch.svelte.ts';
import { LiveUploads } from '../files/live-uploads.svelte.ts';
import { LiveCall, partOf } from './live-call.svelte.ts';
import {
  forgetDevices,
  rememberDraft,
  rememberedDraft,
  rememberedNote,
  rememberedPending,
  rememberNote,
} from './remembered.ts';

/** A conversation that this console follows: the thread as something Svelte can see, the draft, and the call. */
export class LiveConversation {
  readonly id: string;
  readonly connection: Connection;
  /** Files on their way to the shopper. */
  readonly uploads: LiveUploads;
  view = $state.raw<ConversationView | null>(null);
  entries = $state.raw<readonly Entry[]>([]);
  pending = $state.raw<readonly PendingMessage[]>([]);
  shopperTyping = $state(false);
  /** What the shop's page says lies in the shopper's basket. */
  basket = $state.raw<Basket | null>(null);
  /** The entry that a search has found and that is to be shown. */
  found = $state<number | null>(null);
  call = $state.raw<LiveCall | null>(null);
  /** The shopper's page, while it is before the agent's eyes. */
  pageWatch = $state.raw<PageWatch | null>(null);
  /** What is written now: to the shopper, or to colleagues. Each has its own text, so that none goes to the other. */
  writing = $state<'reply' | 'note'>('reply');
  #draft = $state('');
  #note = $state('');
  #thread: Thread;
  #you: string;
  #tab: string;
  #floor: Floor;
  #whispered: (note: Extract<Entry, { type: 'note' }>) => void;

  /**
   * `you`: the agent's id; `tab`: this browser tab's; `floor`: the one for all calls of this tab; `whispered`: a
   * supervisor has written to whoever talks, just now.
   */
  constructor(
    connection: Connection,
    id: string,
    options: {
      you: string;
      tab: string;
      floor: Floor;
      whispered: (note: Extract<Entry, { type: 'note' }>) => void;
    },
  ) {
    const { you, tab, floor } = options;
    this.#whispered = options.whispered;
    this.id = id;
    this.connection = connection;
    this.#you = you;
    this.#tab = tab;
    this.#floor = floor;
    this.#draft = rememberedDraft(id);
    this.#note = rememberedNote(id);
    this.#thread = new Thread({ side: 'agent', connection, id, store: rememberedPending(id) });
    this.uploads = new LiveUploads(connection, id, (file, key) => this.#thread.send('', { file, id: key }));
    this.#thread.onChange(() => this.#read());
    this.#read();
  }

  get draft(): string {
    return this.#draft;
  }

  /** Keeps what the person is writing, and lets the shopper see that they are. */
  write(text: string): void {
    this.#keep(text);
    if (text) this.#thread.typed();
  }

  send(): void {
    const text = this.#draft.trim();
    if (!text) return;
    this.#keep('');
    this.#thread.send(text);
  }

  get note(): string {
    return this.#note;
  }

  /** The shopper sees nothing of it, not even that somebody types. */
  writeNote(text: string): void {
    this.#note = text;
    rememberNote(this.id, text);
  }

  saveNote(): void {
    const text = this.#note.trim();
    if (!text) return;
    this.writeNote('');
    this.#thread.sendNote(text);
  }

  /** Puts a refused note's text back where notes are written. */
  takeBackNote(note: { id: string; text: string }): void {
    this.writeNote(this.#note ? `${note.text}\n${this.#note}` : note.text);
    this.writing = 'note';
    this.#thread.discard(note.id);
  }

  /** Into the chat as a card; the text is what lists and mails show of it. */
  sendProduct({ name, price, image, url }: Product): void {
    const text = [name, price, url].filter(Boolean).join(' · ');
    this.#thread.send(text, { product: { name, price, image, url } });
  }

  /** Puts a refused message's text back into the text field. */
  takeBack(message: { id: string; text: string }): void {
    this.#keep(this.#draft ? `${message.text}\n${this.#draft}` : message.text);
    this.#thread.discard(message.id);
  }

  discard(id: string): void {
    this.#thread.discard(id);
  }

  markRead(): void {
    this.#thread.markRead();
  }

  /** What is written and not sent is not to be sent any more. */
  forget(): void {
    this.#thread.forget();
  }

  close(): void {
    this.call?.close();
    this.call = null;
    this.uploads.close();
    this.#thread.close();
  }

  #keep(text: string): void {
    this.#draft = text;
    rememberDraft(this.id, text);
  }

  #read(): void {
    this.view = this.#thread.conversation;
    this.#hear(this.#thread.entries);
    this.entries = this.#thread.entries;
    this.pending = this.#thread.pending;
    this.shopperTyping = this.#thread.othersTyping;
    this.#followCall();
  }

  #hear(entries: readonly Entry[]): void {
    const known = this.entries.at(-1)?.seq ?? 0;
    // What was there before this console looked is no news.
    if (known === 0 || this.view?.agent?.id !== this.#you) return;
    for (const entry of entries.filter(({ seq }) => seq > known)) {
      if (entry.type === 'note' && entry.whisper && entry.by.id !== this.#you) this.#whispered(entry);
    }
  }

  /** A call is this tab's while the shopper rings, and once this tab is one of its members. */
  #followCall(): void {
    const call = this.view?.call ?? null;
    const rings = call?.status === 'ringing' && call.by.side === 'shopper' && this.view?.agent?.id === this.#you;
    const part = call && partOf(call, this.#tab);
    const concerns = call && (rings || part !== null);
    // Who only listens has nothing open: with another part the tab joins anew.
    const other = this.call && (this.call.id !== call?.id || this.call.listens !== (part === 'listens'));
    if (this.call && (!concerns || other)) {
      this.call.close();
      if (!concerns || this.call.id !== call.id) forgetDevices(this.call.id);
      this.call = null;
    }
    if (!concerns) return;
    this.call ??= new LiveCall({
      connection: this.connection,
      conversation: this.id,
      view: call,
      tab: this.#tab,
      floor: this.#floor,
    });
    this.call.follow(call);
  }
}
