import type { Entry, Side } from '../../server/protocol/entry.ts';
import type { FileView } from '../../server/protocol/file.ts';
import type { ServerFrame } from '../../server/protocol/from-server.ts';
import type { Product } from '../../server/protocol/product.ts';
import type { Refusal } from '../../server/protocol/refusals.ts';
import type { ConversationView } from '../../server/protocol/views.ts';
import type { Connection } from './connection.ts';
import { Emitter } from './emitter.ts';

/** A message of ours that the server has not acknowledged. `refused`: it was not taken, and will not be sent again by itself. */
export type PendingMessage = {
  id: string;
  text: string;
  product?: Product;
  file?: FileView;
  /** For colleagues. */
  note?: true;
  /** Chosen with a conversation's first message. */
  topic?: string | null;
  /** Left because nobody is there; `email`: where the answer goes as well. */
  ticket?: LeftTicket;
  at: number;
  refused: Refusal | null;
};

/** What a message may have besides its text. `id`: where it was made before. */
export type Besides = {
  id?: string;
  product?: Product;
  file?: FileView;
  topic?: string | null;
  ticket?: LeftTicket;
};

export type LeftTicket = { email?: string; name?: string };

/** Where pending messages outlive the page (the widget: localStorage). */
export type PendingStore = { load(): PendingMessage[]; save(pending: PendingMessage[]): void };

const TYPING_REPEAT_MS = 3_000;
const TYPING_ENDS_MS = 4_000;
/** The other side's "is typing" goes away by itself, should its end be lost. */
const TYPING_FADES_MS = 6_000;

/**
 * One conversation as a client holds it: what is durable (entries, in order, once), what is pending (typed here, not
 * acknowledged), and the latest state. Feed it every frame of the connection; it says `change`.
 */
export class Thread {
  conversation: ConversationView | null = null;
  entries: Entry[] = [];
  pending: PendingMessage[] = [];
  /** Whether the other side is typing. */
  othersTyping = false;
  #side: Side;
  #connection: Connection;
  #store: PendingStore | null;
  #id: string | null;
  #events = new Emitter<{ change: [] }>();
  #typingSentAt = 0;
  #typingEnds: ReturnType<typeof setTimeout> | undefined;
  #typingFades: ReturnType<typeof setTimeout> | undefined;
  #receipt = { delivered: 0, read: 0 };
  #unsubscribe: (() => void)[];

  /** `id`: the conversation to follow; null for a shopper's, who has at most one open. */
  constructor(options: { side: Side; connection: Connection; id: string | null; store?: PendingStore }) {
    this.#side = options.side;
    this.#connection = options.connection;
    this.#id = options.id;
    this.#store = options.store ?? null;
    this.pending = this.#store?.load() ?? [];
    this.#unsubscribe = [
      this.#connection.on('frame', (frame) => this.#apply(frame)),
      this.#connection.on('status', (status) => {
        if (status === 'open') this.#restored();
      }),
    ];
    if (this.#connection.status === 'open') this.#restored();
  }

  /** Returns its own unsubscribe. */
  onChange(listener: () => void): () => void {
    return this.#events.on('change', listener);
  }

  get lastSeq(): number {
    return this.entries.at(-1)?.seq ?? 0;
  }

  /** Sends now or as soon as there is a connection; never twice, never lost. Whether it is valid the server decides. */
  send(text: string, besides: Besides = {}): void {
    const message: PendingMessage = { id: crypto.randomUUID(), text, ...besides, at: Date.now(), refused: null };
    if (this.pending.some(({ id }) => id === message.id)) return;
    this.pending = [...this.pending, message];
    this.#typing(false);
    this.#saved();
    this.#transmit(message);
  }

  /** As `send`, for the colleagues alone: the shopper sees neither it nor that it is written. */
  sendNote(text: string): void {
    const message: PendingMessage = { id: crypto.randomUUID(), text, note: true, at: Date.now(), refused: null };
    this.pending = [...this.pending, message];
    this.#saved();
    this.#transmit(message);
  }

  /** Gives up a refused message; its text is the caller's to put back into the text field. */
  discard(id: string): void {
    this.pending = this.pending.filter((message) => message.id !== id);
    this.#saved();
  }

  /** Nothing of it is left here, sent or not: a shopper's that was erased. */
  forget(): void {
    this.#id = null;
    this.conversation = null;
    this.entries = [];
    this.pending = [];
    this.#receipt = { delivered: 0, read: 0 };
    this.#saved();
  }

  /** The person typed something. */
  typed(): void {
    clearTimeout(this.#typingEnds);
    this.#typingEnds = setTimeout(() => this.#typing(false), TYPING_ENDS_MS);
    if (Date.now() - this.#typingSentAt > TYPING_REPEAT_MS) this.#typing(true);
  }

  /** The person has everything before their eyes. */
  markRead(): void {
    this.#sendReceipt(this.lastSeq);
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#typingEnds);
    clearTimeout(this.#typingFades);
    if (this.#side === 'agent' && this.#id)
      this.#connection.send({ type: 'conversation.leave', conversation: this.#id });
  }

  #apply(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        if (frame.role === 'shopper') this.#adopt(frame.conversation);
        return;
      case 'conversation.state':
        if (this.#concerns(frame.conversation.id)) this.#adopt(frame.conversation);
        return;
      case 'conversation.entries':
        if (this.#concerns(frame.conversation)) this.#append(frame.conversation, frame.entries);
        return;
      case 'queue.place':
        if (frame.conversation === this.conversation?.id) this.#adopt({ ...this.conversation, place: frame.place });
        return;
      case 'message.ack':
        // The entry itself follows or came already; nothing to do but to forget the pending one there.
        return;
      case 'message.typing':
        if (frame.conversation === this.#id && frame.side !== this.#side) this.#othersTyping(frame.on);
        return;
      case 'refused':
        if (frame.id) this.#refused(frame.id, frame.reason);
        return;
      default:
        return;
    }
  }

  /** A shopper's thread moves on to whatever conversation the server opens for it. */
  #concerns(conversation: string): boolean {
    return this.#side === 'shopper' || conversation === this.#id;
  }

  #adopt(view: ConversationView | null): void {
    if (view && view.id !== this.#id) this.#turnTo(view.id);
    this.conversation = view;
    this.#events.emit('change');
  }

  #turnTo(id: string): void {
    this.#id = id;
    this.entries = [];
    this.#receipt = { delivered: 0, read: 0 };
  }

  #append(conversation: string, arrived: Entry[]): void {
    if (conversation !== this.#id) this.#turnTo(conversation);
    const fresh = arrived.filter((entry) => entry.seq > this.lastSeq);
    const first = fresh[0];
    if (!first) return;
    if (first.seq !== this.lastSeq + 1) {
      this.#connection.send({ type: 'conversation.open', conversation, after: this.lastSeq });
      return;
    }
    this.entries = [...this.entries, ...fresh];
    const stored = new Set(fresh.map((entry) => (entry.type === 'message' || entry.type === 'note' ? entry.id : null)));
    if (this.pending.some((message) => stored.has(message.id))) {
      this.pending = this.pending.filter((message) => !stored.has(message.id));
      this.#store?.save(this.pending);
    }
    if (fresh.some((entry) => entry.type === 'message' && entry.from.side !== this.#side)) this.#othersTyping(false);
    this.#sendReceipt(this.#receipt.read);
    this.#events.emit('change');
  }

  #restored(): void {
    this.#receipt = { delivered: 0, read: this.#receipt.read };
    if (this.#id && this.#side === 'agent') {
      this.#connection.send({ type: 'conversation.open', conversation: this.#id, after: this.lastSeq });
    }
    for (const message of this.pending) if (!message.refused) this.#transmit(message);
  }

  #transmit(message: PendingMessage): void {
    const conversation = this.#side === 'agent' && this.#id ? { conversation: this.#id } : {};
    const { id, text, product, file, topic, ticket, note } = message;
    if (note && this.#id) {
      this.#connection.send({ type: 'note.send', id, text, conversation: this.#id });
      return;
    }
    const besides = {
      ...(product && { product }),
      ...(file && { file: file.id }),
      ...(topic !== undefined && { topic }),
      ...(ticket && { ticket }),
    };
    this.#connection.send({ type: 'message.send', id, text, ...besides, ...conversation });
  }

  #refused(id: string, reason: Refusal): void {
    if (!this.pending.some((message) => message.id === id)) return;
    this.pending = this.pending.map((message) => (message.id === id ? { ...message, refused: reason } : message));
    this.#saved();
  }

  #saved(): void {
    this.#store?.save(this.pending);
    this.#events.emit('change');
  }

  #typing(on: boolean): void {
    if (!on) clearTimeout(this.#typingEnds);
    if (!this.#id || (!on && this.#typingSentAt === 0)) return;
    this.#typingSentAt = on ? Date.now() : 0;
    this.#connection.send({ type: 'message.typing', conversation: this.#id, on });
  }

  #othersTyping(on: boolean): void {
    clearTimeout(this.#typingFades);
    if (on) this.#typingFades = setTimeout(() => this.#othersTyping(false), TYPING_FADES_MS);
    if (this.othersTyping === on) return;
    this.othersTyping = on;
    this.#events.emit('change');
  }

  #sendReceipt(read: number): void {
    const delivered = this.lastSeq;
    if (!this.#id || (delivered <= this.#receipt.delivered && read <= this.#receipt.read)) return;
    this.#receipt = { delivered, read: Math.max(read, this.#receipt.read) };
    this.#connection.send({ type: 'message.receipt', conversation: this.#id, ...this.#receipt });
  }
}
