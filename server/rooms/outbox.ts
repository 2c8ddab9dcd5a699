import type { Effect } from '../domain/effects.ts';
import type { Entry } from '../protocol/entry.ts';
import { ENTRIES_PER_FRAME } from '../protocol/limits.ts';
import { turnsEnd } from './turns-end.ts';

export type OrderedEffect = Extract<Effect, { type: 'append' | 'send' | 'show' | 'list' | 'replay' | 'save' }>;

export type Append = Extract<OrderedEffect, { type: 'append' }>;
/** Appends for the same sockets, one after the other. Never empty. */
export type Appends = { type: 'appends'; appends: readonly [Append, ...Append[]] };

export type OutboxActions = {
  /** Makes entries and the conversation's record durable. */
  write: (entries: Entry[]) => Promise<void>;
  /** Shows an effect; of `appends`, the entries are durable by then. */
  perform: (effect: Exclude<OrderedEffect, Append> | Appends) => void;
  replay: (socket: string, after: number) => Promise<void>;
  /** Storage failed: nothing further is performed. */
  failed: (error: unknown) => void;
};

/**
 * Performs effects in their order, where nothing that follows an append is seen before the append is durable.
 * Appends that wait for the same write go into one, and are shown together; so are those that came in the same turn of the
 * event loop.
 */
export class Outbox {
  #queue: OrderedEffect[] = [];
  #actions: OutboxActions;
  #draining: Promise<void> | null = null;

  constructor(actions: OutboxActions) {
    this.#actions = actions;
  }

  push(effect: OrderedEffect): void {
    if (effect.type === 'replay' && this.#joinsWaiting(effect)) return;
    this.#queue.push(effect);
    if (this.#draining) return;
    // What needs no write is performed before `push` returns.
    if (!this.#performLeading()) this.#draining = this.#drain();
  }

  /** Whether something that was pushed has not been performed yet. */
  get busy(): boolean {
    return this.#draining !== null;
  }

  /** Resolves when everything that was pushed has been performed. */
  async idle(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  /** A socket that asks again before its first question was answered gets one answer, to the wider question. */
  #joinsWaiting({ socket, after }: Extract<OrderedEffect, { type: 'replay' }>): boolean {
    const waiting = this.#queue.find((other) => other.type === 'replay' && other.socket === socket);
    if (waiting?.type !== 'replay') return false;
    waiting.after = Math.min(waiting.after, after);
    return true;
  }

  /** Performs what stands before the next write or replay. True when nothing is left. */
  #performLeading(): boolean {
    for (;;) {
      const head = this.#queue[0];
      if (!head) return true;
      if (head.type !== 'send' && head.type !== 'show' && head.type !== 'list') return false;
      this.#queue.shift();
      this.#actions.perform(head);
    }
  }

  async #drain(): Promise<void> {
    try {
      while (!this.#performLeading()) {
        const head = this.#queue[0];
        if (head?.type === 'replay') {
          this.#queue.shift();
          await this.#actions.replay(head.socket, head.after);
          continue;
        }
        // Whatever other sockets said meanwhile shares the write.
        await turnsEnd();
        const untilReplay = this.#queue.findIndex(({ type }) => type === 'replay');
        const batch = this.#queue.splice(0, untilReplay === -1 ? this.#queue.length : untilReplay);
        await this.#actions.write(batch.flatMap((effect) => (effect.type === 'append' ? effect.entries : [])));
        for (const effect of together(batch)) this.#actions.perform(effect);
      }
    } catch (error) {
      this.#queue = [];
      this.#actions.failed(error);
    } finally {
      this.#draining = null;
    }
  }
}

/**
 * What a batch comes to: appends that follow each other as one, and of several `show` and `list` the last. They show what is
 * then, so an earlier one would say the same.
 */
function together(batch: readonly OrderedEffect[]): (Exclude<OrderedEffect, Append> | Appends)[] {
  const lastShow = batch.findLastIndex(({ type }) => type === 'show');
  const lastLine = batch.findLastIndex(({ type }) => type === 'show' || type === 'list');
  const told: (Exclude<OrderedEffect, Append> | Appends)[] = [];
  batch.forEach((effect, index) => {
    if (effect.type === 'show' ? index < lastShow : effect.type === 'list' && index < lastLine) return;
    const before = told.at(-1);
    if (effect.type !== 'append') told.push(effect);
    else if (before?.type === 'appends' && fits(before.appends, effect)) before.appends = [...before.appends, effect];
    else told.push({ type: 'appends', appends: [effect] });
  });
  return told;
}

function fits(appends: Appends['appends'], next: Append): boolean {
  const [{ sockets }] = appends;
  const entries = appends.reduce((sum, append) => sum + append.entries.length, next.entries.length);
  return (
    entries <= ENTRIES_PER_FRAME &&
    sockets.length === next.sockets.length &&
    sockets.every((socket, index) => socket === next.sockets[index])
  );
}
