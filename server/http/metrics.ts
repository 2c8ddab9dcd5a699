import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallNumbers } from '../protocol/call-numbers.ts';
import type { Entry } from '../protocol/entry.ts';

/** Asked at every scrape; none of it may be slow. */
export type MetricsSources = {
  sockets: () => { shopper: number; agent: number };
  calls: () => { ringing: number; active: number };
  /** What is open on the media workers, and how many of them are up. */
  mediaOpen: () => Record<string, number>;
};

const SET_UP_S = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];
const FIRST_FRAME_S = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4];
const LOSS = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** What operators want to know, in Prometheus' words. Nothing in it names a person or a conversation. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #messages = this.#counter('mostrador_messages_total', 'Messages, by the side that wrote them.', 'side');
  readonly #calls = this.#counter('mostrador_calls_total', 'Calls that are over, by how they ended.', 'outcome');
  readonly #paths = this.#counter('mostrador_call_paths_total', 'Calls by the worst way their media took.', 'path');
  readonly #freezes = this.#counter('mostrador_call_freezes_total', 'Pictures that stood still, of the worst side.');
  readonly #frozen = this.#counter('mostrador_call_freeze_seconds_total', 'How long they stood still.');
  readonly #setUp = this.#histogram('mostrador_call_set_up_seconds', 'From the yes until media could flow.', SET_UP_S);
  readonly #firstFrame = this.#histogram(
    'mostrador_call_first_frame_seconds',
    'From the yes to the first remote picture.',
    FIRST_FRAME_S,
  );
  readonly #loss = this.#histogram('mostrador_call_packet_loss_ratio', 'Packets lost, of the worst side.', LOSS);

  constructor({ sockets, calls, mediaOpen }: MetricsSources) {
    collectDefaultMetrics({ register: this.#registry });
    for (const outcome of ['ended', 'declined', 'cancelled', 'unanswered']) this.#calls.inc({ outcome }, 0);
    for (const path of ['udp', 'tcp', 'relay']) this.#paths.inc({ path }, 0);
    for (const side of ['shopper', 'agent']) this.#messages.inc({ side }, 0);
    this.#gauge('mostrador_sockets', 'Open sockets, by side.', 'side', sockets);
    this.#gauge('mostrador_calls', 'Calls in which somebody is now.', 'status', calls);
    this.#gauge('mostrador_media_open', 'What is open on the media workers, and how many are up.', 'kind', mediaOpen);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts what has become durable. */
  recorded(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.type === 'message') this.#messages.inc({ side: entry.from.side });
      if (entry.type === 'call-missed') this.#calls.inc({ outcome: entry.outcome });
      if (entry.type !== 'call-ended') continue;
      this.#calls.inc({ outcome: 'ended' });
      if (entry.numbers) this.#observe(entry.numbers);
    }
  }

  /** Prometheus' text format. */
  async text(): Promise<string> {
    return await this.#registry.metrics();
  }

  #observe({ setUpMs, firstFrameMs, packetLoss, freezes, freezeMs, path }: CallNumbers): void {
    if (setUpMs !== null) this.#setUp.observe(setUpMs / 1000);
    if (firstFrameMs !== null) this.#firstFrame.observe(firstFrameMs / 1000);
    this.#loss.observe(packetLoss);
    this.#freezes.inc(freezes);
    this.#frozen.inc(freezeMs / 1000);
    if (path) this.#paths.inc({ path });
  }

  #counter(name: string, help: string, ...labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, label: string, read: () => Record<string, number>): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect: () => {
        for (const [key, value] of Object.entries(read())) gauge.set({ [label]: key }, value);
      },
    });
  }
}
