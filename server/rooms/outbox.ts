import type { Effect } from '../domain/effects.ts';
import type { Entry } from '../protocol/entry.ts';

export type OrderedEffect = Extract<Effect, { type: 'append' | 'send' | 'show' | 'list' | 'replay' | 'save' }>;

export type OutboxActions = {
  /** Makes entries and the conversation's record durable. */
  write: (entries: Entry[]) => Promise<void>;
  /** Shows an effect; of an `append`, its entries are durable by then. */
  perform: (effect: OrderedEffect) => void;
  replay: (socket: string, after: number) => Promise<void>;
  /** Storage failed: nothing further is performed. */
  failed: (error: unknown) => void;
};

/**
 * Performs effects in their order, where nothing that follows an append is seen before the append is durable.
 * Appends that wait for the same write go into one.
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
        const untilReplay = this.#queue.findIndex(({ type }) => type === 'replay');
        const batch = this.#queue.splice(0, untilReplay === -1 ? this.#queue.length : untilReplay);
        await this.#actions.write(batch.flatMap((effect) => (effect.type === 'append' ? effect.entries : [])));
        for (const effect of batch) this.#actions.perform(effect);
      }
    } catch (error) {
      this.#queue = [];
      this.#actions.failed(error);
    } finally {
      this.#draining = null;
    }
  }
}
