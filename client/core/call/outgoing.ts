import type { types } from 'mediasoup-client';
import type { MediaSource } from '../../../server/protocol/media.ts';
import { kindOf, sizeCamera, type Ask, type MediaLink } from './media-link.ts';
import { withPlaceholderTrack } from './placeholder-track.ts';

/** What a source should be on the wire: this track · agreed and ready, but nothing in it · not there. */
export type Wanted = MediaStreamTrack | 'ready' | 'absent';

type Sending = {
  wanted: Wanted;
  producer: types.Producer | null;
  /** What the server has been told; null when that is not certain. */
  paused: boolean | null;
  /** Changes of one source happen one after the other. */
  turn: Promise<void>;
};

/** How long a camera that was switched on stays at its first size. */
const FIRST_SIZE_MS = 700;

/** The own sources over one link: brings what is sent to what is wanted, always the latest. */
export class Outgoing {
  readonly #link: MediaLink;
  readonly #ask: Ask;
  readonly #sources = new Map<MediaSource, Sending>();

  constructor(link: MediaLink, ask: Ask) {
    this.#link = link;
    this.#ask = ask;
  }

  /** Resolves when it is so on both ends; rejects with the signalling's refusal. */
  async set(source: MediaSource, wanted: Wanted): Promise<void> {
    const sending = this.#sources.get(source) ?? { wanted, producer: null, paused: null, turn: Promise.resolve() };
    this.#sources.set(source, sending);
    sending.wanted = wanted;
    const turn = sending.turn.then(async () => await this.#settle(source, sending));
    sending.turn = turn.catch(() => {});
    await turn;
  }

  /** After the socket was away: tells the server again what is paused and what is not. */
  async reassert(): Promise<void> {
    await Promise.all(
      [...this.#sources].map(async ([source, sending]) => {
        sending.paused = null;
        await this.set(source, sending.wanted);
      }),
    );
  }

  async #settle(source: MediaSource, sending: Sending): Promise<void> {
    const { wanted, producer } = sending;
    const track = producer?.track;
    if (wanted === 'absent') {
      if (producer) await this.#remove(sending, producer);
    } else if (producer) {
      await this.#change(sending, producer, wanted);
    } else if (this.#link.canProduce(source)) {
      await this.#add(source, sending, wanted);
    }
    if (source === 'camera' && sending.producer && sending.producer.track !== track) {
      void this.#size(sending, sending.producer);
    }
  }

  async #add(source: MediaSource, sending: Sending, wanted: Exclude<Wanted, 'absent'>): Promise<void> {
    if (wanted !== 'ready') {
      sending.producer = await this.#link.produce(source, wanted, false);
      sending.paused = false;
      return;
    }
    sending.producer = await withPlaceholderTrack(kindOf(source), async (track) => {
      const producer = await this.#link.produce(source, track, true);
      await producer.replaceTrack({ track: null });
      return producer;
    });
    sending.paused = true;
  }

  /** Both ends at the same time: this is what stands between the yes and the first frame. */
  async #change(sending: Sending, producer: types.Producer, wanted: Exclude<Wanted, 'absent'>): Promise<void> {
    const paused = wanted === 'ready';
    const track = wanted === 'ready' ? null : wanted;
    const told =
      sending.paused === paused ? undefined : this.#ask({ type: 'media.pause', producer: producer.id, paused });
    sending.paused = null;
    await Promise.all([told, producer.track === track ? undefined : producer.replaceTrack({ track })]);
    sending.paused = paused;
  }

  /** A camera grows to its full size soon after it is on; off, it is made ready to begin small again. */
  async #size(sending: Sending, producer: types.Producer): Promise<void> {
    const { track } = producer;
    if (!track) return await sizeCamera(producer, 'first');
    await new Promise((resolve) => setTimeout(resolve, FIRST_SIZE_MS));
    if (sending.producer === producer && producer.track === track) await sizeCamera(producer, 'full');
  }

  async #remove(sending: Sending, producer: types.Producer): Promise<void> {
    producer.close();
    sending.producer = null;
    await this.#ask({ type: 'media.close', producer: producer.id });
  }
}
