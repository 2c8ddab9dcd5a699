import type { types } from 'mediasoup-client';
import type {
  ConsumerView,
  Layers,
  MediaPush,
  MediaSource,
  Quality,
  Speaking,
} from '../../../server/protocol/media.ts';
import type { Ask, MediaLink } from './media-link.ts';
import type { RemoteParty, SourceState } from './session.ts';

/** One source of somebody else. */
export type Received = {
  view: ConsumerView;
  paused: boolean;
  consumer: types.Consumer | null;
  /** What of a camera's sizes is forwarded; null until the server says it. */
  layers: Layers | null;
};
/** Kept as long as the session, so that who comes back comes back into the same streams. */
type Party = {
  voice: MediaStream;
  screenSound: MediaStream;
  person: MediaStream;
  screen: MediaStream;
  received: Map<string, Received>;
};

const NOBODY: Speaking = { participants: [], dominant: null };

/** What comes from the others. */
export class Incoming {
  readonly #ask: Ask;
  readonly #onChange: () => void;
  readonly #parties = new Map<string, Party>();
  #link: MediaLink | null = null;
  /** What the server has named since it was asked for all that there is. */
  #named: Map<string, ConsumerView> | null = null;

  #speaking = NOBODY;
  /** What each party's browser says of its own connection. */
  told: Record<string, Quality> = {};

  constructor(ask: Ask, onChange: () => void) {
    this.#ask = ask;
    this.#onChange = onChange;
  }

  /** From now on consumers are set up on this link; those of an earlier one are gone. */
  attach(link: MediaLink): void {
    this.detach();
    this.#link = link;
  }

  /** Parties stay, with nothing on, until it is known who is there. */
  detach(): void {
    this.#link = null;
    this.#named = null;
    this.#speaking = NOBODY;
    this.told = {};
    for (const party of this.#parties.values()) {
      for (const id of party.received.keys()) this.#remove(id);
    }
  }

  /** Asks the server for all that can be received, and lets go what it does not name. */
  async synchronize(): Promise<void> {
    const link = this.#link;
    if (!link) return;
    const named = new Map<string, ConsumerView>();
    this.#named = named;
    await link.announceCapabilities();
    if (this.#link !== link || this.#named !== named) return;
    this.#named = null;
    for (const { received } of this.#parties.values()) {
      for (const id of received.keys()) if (!named.has(id)) this.#remove(id);
    }
    // In one turn, so that they are agreed with the browser together.
    for (const view of named.values()) void this.#add(link, view);
    this.#onChange();
  }

  take(push: MediaPush): void {
    if (!this.#link) return;
    switch (push.type) {
      case 'media.consumer':
        if (this.#named) this.#named.set(push.consumer.id, push.consumer);
        else void this.#add(this.#link, push.consumer);
        break;
      case 'media.consumer-paused':
        this.#setPaused(push.consumer, push.paused);
        break;
      case 'media.consumer-closed':
        this.#named?.delete(push.consumer);
        this.#remove(push.consumer);
        break;
      case 'media.speaking':
        this.#speaking = { participants: push.participants, dominant: push.dominant };
        this.#onChange();
        break;
      case 'media.consumer-layers': {
        const received = this.received().find(({ view }) => view.id === push.consumer);
        if (received) received.layers = push.layers;
        break;
      }
      case 'media.quality':
        this.told[push.participant] = push.quality;
        break;
      case 'media.lost':
        break;
    }
  }

  get speaking(): Speaking {
    return this.#speaking;
  }

  /** Everyone who has been there; who has left is known from the call's members. */
  remotes(qualityOf: (participant: string) => RemoteParty['quality']): RemoteParty[] {
    return [...this.#parties].map(([participant, { voice, screenSound, person, screen, received }]) => ({
      participant,
      voice,
      screenSound,
      person,
      microphone: stateOf(received, 'microphone'),
      camera: stateOf(received, 'camera'),
      screen: stateOf(received, 'screen') === 'on' ? screen : null,
      quality: qualityOf(participant),
    }));
  }

  /** Everything that comes in now. */
  received(): Received[] {
    return [...this.#parties.values()].flatMap(({ received }) => [...received.values()]);
  }

  async #add(link: MediaLink, view: ConsumerView): Promise<void> {
    const party = this.#partyOf(view.participant);
    if (party.received.has(view.id)) return this.#setPaused(view.id, view.producerPaused);
    const received: Received = { view, paused: view.producerPaused, consumer: null, layers: null };
    party.received.set(view.id, received);
    try {
      const consumer = await link.consume(view);
      if (party.received.get(view.id) !== received) return consumer.close();
      received.consumer = consumer;
      this.#refresh(party);
      await this.#ask({ type: 'media.ready', consumer: view.id });
    } catch {
      // The link is gone, or is about to be found out to be.
      if (!link.closed && party.received.get(view.id) === received) this.#remove(view.id);
    }
  }

  #setPaused(id: string, paused: boolean): void {
    const named = this.#named?.get(id);
    if (named) named.producerPaused = paused;
    for (const party of this.#parties.values()) {
      const received = party.received.get(id);
      if (!received) continue;
      received.paused = paused;
      this.#refresh(party);
    }
  }

  #remove(id: string): void {
    for (const party of this.#parties.values()) {
      const received = party.received.get(id);
      if (!received) continue;
      party.received.delete(id);
      received.consumer?.close();
      this.#refresh(party);
    }
  }

  #partyOf(participant: string): Party {
    const known = this.#parties.get(participant);
    if (known) return known;
    const party: Party = {
      voice: new MediaStream(),
      screenSound: new MediaStream(),
      person: new MediaStream(),
      screen: new MediaStream(),
      received: new Map(),
    };
    this.#parties.set(participant, party);
    return party;
  }

  #refresh(party: Party): void {
    const flowing = [...party.received.values()].filter(({ paused, consumer }) => !paused && consumer);
    const tracksOf = (...sources: MediaSource[]) =>
      flowing.flatMap(({ view, consumer }) => (consumer && sources.includes(view.source) ? [consumer.track] : []));
    party.voice = heard(party, 'microphone', party.voice);
    party.screenSound = heard(party, 'screen-audio', party.screenSound);
    setTracks(party.person, tracksOf('microphone', 'camera'));
    setTracks(party.screen, tracksOf('screen', 'screen-audio'));
    this.#onChange();
  }
}

/** Chromium plays no sound of a track that comes into a stream later: another stream then. One that is off may stay. */
function heard({ received }: Party, source: MediaSource, known: MediaStream): MediaStream {
  const tracks = [...received.values()].flatMap(({ view, consumer }) =>
    consumer && view.source === source ? [consumer.track] : [],
  );
  const had = known.getTracks();
  return had.length === tracks.length && tracks.every((track) => had.includes(track)) ? known : new MediaStream(tracks);
}

function stateOf(received: Map<string, Received>, source: MediaSource): SourceState {
  const ofSource = [...received.values()].filter(({ view }) => view.source === source);
  if (ofSource.length === 0) return 'none';
  return ofSource.some(({ paused }) => !paused) ? 'on' : 'off';
}

/** A track that has stopped is taken out, so that no last frame of it stays on the screen. */
function setTracks(stream: MediaStream, tracks: MediaStreamTrack[]): void {
  for (const track of stream.getTracks()) if (!tracks.includes(track)) stream.removeTrack(track);
  for (const track of tracks) stream.addTrack(track);
}
