import type { ClientFrame } from '../../../server/protocol/from-client.ts';
import type { Colleague, Presence } from '../../../server/protocol/views.ts';
import { Idleness } from './idleness.ts';
import { PRESENCES } from './presence-words.ts';
import { rememberedPresence, rememberPresence } from './remembered.ts';

export type OwnPresenceOptions = {
  /** As colleagues see this agent. */
  seen: () => Colleague | undefined;
  /** Says to the service what the agent chose; they hear when it could not be said. */
  tell: (frame: ClientFrame) => void;
  /** Says what they need not hear of. */
  send: (frame: ClientFrame) => void;
  /** Something goes on that needs no hand: a call. */
  busy: () => boolean;
};

/** Whether this agent is asked for shoppers who wait. */
export class OwnPresence {
  /** As chosen; away by itself does not change it. */
  chosen = $state<Presence>(rememberedPresence() ?? 'available');
  #options: OwnPresenceOptions;
  #idleness: Idleness;

  constructor(options: OwnPresenceOptions) {
    this.#options = options;
    const told = (idle: boolean): void => options.send({ type: 'agent.idle', idle });
    this.#idleness = new Idleness({ told, busy: options.busy });
  }

  get shown(): Presence {
    return this.#options.seen()?.presence ?? this.chosen;
  }

  choose(presence: Presence): void {
    this.isNow(presence);
    this.#options.tell({ type: 'agent.presence', presence });
  }

  next(): void {
    const next = PRESENCES[(PRESENCES.indexOf(this.shown) + 1) % PRESENCES.length];
    if (next) this.choose(next);
  }

  /** As the service has it. */
  isNow(presence: Presence): void {
    this.chosen = presence;
    rememberPresence(presence);
  }

  /** To the service a tab that has just come has just been touched. */
  came(): void {
    if (this.#idleness.idle) this.#options.send({ type: 'agent.idle', idle: true });
  }

  /** After so many minutes without a touch away by itself; null: never. */
  awayAfter(minutes: number | null): void {
    this.#idleness.after(minutes);
  }

  close(): void {
    this.#idleness.close();
  }
}
