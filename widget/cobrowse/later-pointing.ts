import type { PointingFrame } from '../../server/protocol/pointing.ts';
import type { PointingDesk, PointingDeskOptions } from './pointing-desk.ts';

/** What is pointed at before the code for it is there; beyond that the newest counts. */
const WAITING_MAX = 100;

/** The pointing desk as the session has it: its code comes while the first picture is on its way, and what comes before it waits, in order. */
export class LaterPointing {
  readonly #options: PointingDeskOptions;
  #desk: PointingDesk | null = null;
  #loading = false;
  #waiting: ((desk: PointingDesk) => void)[] = [];
  #closed = false;

  constructor(options: PointingDeskOptions) {
    this.#options = options;
  }

  /** Where the network is away, the next use tries again. */
  async load(): Promise<void> {
    if (this.#loading || this.#desk) return;
    this.#loading = true;
    const loaded = await import('./pointing-desk.ts').catch(() => null);
    this.#loading = false;
    if (!loaded || this.#closed) return;
    const desk = new loaded.PointingDesk(this.#options);
    this.#desk = desk;
    for (const use of this.#waiting.splice(0)) use(desk);
  }

  handle(frame: PointingFrame): void {
    this.#use((desk) => desk.handle(frame));
  }

  keep(ids: readonly string[]): void {
    this.#use((desk) => desk.keep(ids));
  }

  askForPlace(): void {
    this.#use((desk) => desk.askForPlace());
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    this.#desk?.close();
  }

  #use(use: (desk: PointingDesk) => void): void {
    if (this.#desk) {
      use(this.#desk);
      return;
    }
    this.#waiting.push(use);
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
    void this.load();
  }
}
