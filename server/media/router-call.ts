import type { types } from 'mediasoup';
import type {
  ConsumerView,
  IceServer,
  JoinReply,
  MediaSource,
  RestartIceReply,
  TransportView,
  Quality,
} from '../protocol/media.ts';
import { CallMember, type OwnConsumer, type OwnProducer } from './call-member.ts';
import { watchLayers } from './forwarded-layers.ts';
import type { CallRecording, MediaCall, MediaCallEvents, MediaResult, RecordOptions } from './media.ts';
import type { LiveSource } from './recording/live-source.ts';
import type { Follows, Recorder } from './recording/recorder.ts';
import { SpeakingObserver } from './speaking.ts';
import { readDtlsParameters, readRtpCapabilities, readRtpParameters } from './untrusted-rtp.ts';

/** More than ever talk in one call, with room for tabs that are just being replaced. */
const MEMBERS_MAX = 8;
/** Enough for a sharp screen and a face at once; mediasoup corrects it within a second. */
const FIRST_OUTGOING_BITRATE = 2_000_000;
/** On a narrow network the screen is served before any face. */
const SCREEN_PRIORITY = 200;

const KIND_OF: Record<MediaSource, types.MediaKind> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  'screen-audio': 'audio',
};

type Refusal = Extract<MediaResult<object>, { ok: false }>;
const refuse = (reason: Refusal['reason']): Refusal => ({ ok: false, reason });

/** Told when something of the call could not be done; the text stays out of what members see. */
export type CallLog = (what: string, error: unknown) => void;

export type RouterCallOptions = {
  server: types.WebRtcServer;
  events: MediaCallEvents;
  log: CallLog;
  /** Relays with fresh credentials for a member. */
  iceServers: (member: string) => IceServer[];
  /** Null where this node cannot record. */
  recorder: Recorder | null;
};

/** A call on one router. Everything that members say is untrusted: what does not fit is refused, nothing throws. */
export class RouterCall implements MediaCall {
  readonly #router: types.Router;
  readonly #options: RouterCallOptions;
  readonly #events: MediaCallEvents;
  readonly #log: CallLog;
  readonly #members = new Map<string, CallMember>();
  /** Who is being given transports right now; the newest attempt of a member wins. */
  readonly #joining = new Map<string, symbol>();
  /** Listens from the first microphone on. */
  #speaking: Promise<SpeakingObserver> | null = null;
  #recording: (CallRecording & Follows) | null = null;
  #active = false;

  constructor(router: types.Router, options: RouterCallOptions) {
    this.#router = router;
    this.#options = options;
    this.#events = options.events;
    this.#log = options.log;
  }

  get router(): types.Router {
    return this.#router;
  }

  async join(id: string): Promise<MediaResult<{ join: JoinReply }>> {
    if (this.#router.closed) return refuse('not-in-call');
    const known = this.#members.has(id) || this.#joining.has(id);
    if (!known && this.#members.size + this.#joining.size >= MEMBERS_MAX) return refuse('too-many');
    this.#drop(id, { tellSources: true });
    const attempt = Symbol(id);
    this.#joining.set(id, attempt);
    const transports = await Promise.allSettled([this.#openTransport(), this.#openTransport()]);
    const [send, receive] = transports.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
    if (!send || !receive || this.#joining.get(id) !== attempt || this.#router.closed) {
      send?.close();
      receive?.close();
      if (this.#joining.get(id) === attempt) this.#joining.delete(id);
      for (const result of transports) if (result.status === 'rejected') this.#log('open transport', result.reason);
      return refuse('not-in-call');
    }
    this.#joining.delete(id);
    this.#members.set(id, new CallMember(id, send, receive));
    const { rtpCapabilities } = this.#router;
    return {
      ok: true,
      join: {
        rtpCapabilities: { ...rtpCapabilities },
        send: view(send),
        receive: view(receive),
        iceServers: this.#options.iceServers(id),
      },
    };
  }

  /** Said again, it tells of every consumer again: a browser that missed pushes is then up to date at the answer. */
  async capable(id: string, rtpCapabilities: Record<string, unknown>): Promise<MediaResult<object>> {
    return await this.#as(id, async (member) => {
      member.capabilities = readRtpCapabilities(rtpCapabilities);
      void this.#withSpeaking((speaking) => this.#events.speaking(id, speaking.now));
      for (const consumer of member.consumers.values()) this.#announce(member, consumer);
      for (const other of this.#members.values()) {
        if (other !== member && other.quality) this.#events.quality(id, other.id, other.quality);
      }
      const others = [...this.#members.values()].filter((other) => other !== member);
      await Promise.all(
        others.flatMap((other) => [...other.producers.values()].map((of) => this.#consume(member, other, of))),
      );
      return { ok: true };
    });
  }

  async connect(id: string, transport: string, dtlsParameters: Record<string, unknown>): Promise<MediaResult<object>> {
    return await this.#as(id, async (member) => {
      const own = member.transport(transport);
      if (!own) return refuse('media-refused');
      await own.connect({ dtlsParameters: readDtlsParameters(dtlsParameters) });
      return { ok: true };
    });
  }

  async produce(id: string, options: Parameters<MediaCall['produce']>[1]): Promise<MediaResult<{ producer: string }>> {
    return await this.#as(id, async (member) => {
      const { transport, kind, source, paused } = options;
      if (transport !== member.send.id || KIND_OF[source] !== kind) return refuse('media-refused');
      if (member.taken.has(source)) return refuse('too-many');
      const rtpParameters = readRtpParameters(options.rtpParameters, kind);
      member.taken.add(source);
      const producer = await member.send.produce({ kind, rtpParameters }).catch((error: unknown) => {
        member.taken.delete(source);
        throw error;
      });
      if (member.closed) {
        // Its transport was closed before it was there, and does not know it.
        producer.close();
        return refuse('not-in-call');
      }
      const own = { producer, source, paused };
      member.producers.set(producer.id, own);
      if (!paused) this.#tellSources(member);
      if (source === 'microphone') this.#listenTo(id, producer);
      // The answer does not wait for the others.
      for (const other of this.#members.values()) if (other !== member) void this.#consume(other, member, own);
      return { ok: true, producer: producer.id };
    });
  }

  async pause(id: string, producer: string, paused: boolean): Promise<MediaResult<object>> {
    return await this.#as(id, async (member) => {
      const own = member.producers.get(producer);
      if (!own) return refuse('media-refused');
      if (own.paused === paused) return { ok: true };
      own.paused = paused;
      this.#eachConsumerOf(own, (other, { consumer }) => this.#events.consumerPaused(other.id, consumer.id, paused));
      if (paused) void this.#withSpeaking((speaking) => speaking.muted(producer));
      this.#tellSources(member);
      return await Promise.resolve({ ok: true });
    });
  }

  async closeProducer(id: string, producer: string): Promise<MediaResult<object>> {
    return await this.#as(id, async (member) => {
      const own = member.producers.get(producer);
      if (!own) return refuse('media-refused');
      const wasOn = !own.paused;
      this.#forgetProducer(member, own);
      own.producer.close();
      if (wasOn) this.#tellSources(member);
      return { ok: true };
    });
  }

  async ready(id: string, consumer: string): Promise<MediaResult<object>> {
    return await this.#as(id, async (member) => {
      const own = member.consumers.get(consumer);
      if (!own) return refuse('media-refused');
      own.ready = true;
      if (this.#active) await own.consumer.resume();
      return { ok: true };
    });
  }

  async quality(id: string, quality: Quality): Promise<MediaResult<object>> {
    return await this.#as(id, async (member) => {
      member.quality = quality;
      for (const other of this.#members.values()) if (other !== member) this.#events.quality(other.id, id, quality);
      return await Promise.resolve({ ok: true });
    });
  }

  async restartIce(id: string, transport: string): Promise<MediaResult<RestartIceReply>> {
    return await this.#as(id, async (member) => {
      const own = member.transport(transport);
      if (!own) return refuse('media-refused');
      const iceParameters = await own.restartIce();
      return { ok: true, iceParameters: { ...iceParameters }, iceServers: this.#options.iceServers(id) };
    });
  }

  async activate(): Promise<void> {
    this.#active = true;
    const ready = [...this.#members.values()].flatMap((member) =>
      [...member.consumers.values()].filter((c) => c.ready),
    );
    // The worker asks the producer for a key frame whenever a video consumer is resumed.
    await Promise.all(
      ready.map(({ consumer }) => consumer.resume().catch((error: unknown) => this.#log('resume', error))),
    );
  }

  leave(id: string): void {
    this.#joining.delete(id);
    this.#drop(id, { tellSources: false });
  }

  record(options: RecordOptions): CallRecording | null {
    const { recorder } = this.#options;
    if (!recorder || this.#router.closed) return null;
    void this.#recording?.stop();
    this.#recording = recorder.begin(this.#router, options, this.#live());
    return this.#recording;
  }

  close(): void {
    void this.#recording?.stop();
    this.#joining.clear();
    for (const member of this.#members.values()) member.close();
    this.#members.clear();
    this.#router.close();
  }

  /** The worker died: everything in it is gone already. */
  lose(): void {
    this.close();
    this.#events.lost();
  }

  /** Runs what a member asked for; whatever mediasoup does not take comes back as a refusal. */
  async #as<T>(id: string, act: (member: CallMember) => Promise<MediaResult<T>>): Promise<MediaResult<T>> {
    const member = this.#members.get(id);
    if (!member) return refuse('not-in-call');
    try {
      return await act(member);
    } catch (error) {
      if (member.closed || this.#router.closed) return refuse('not-in-call');
      this.#log('refused', error);
      return refuse('media-refused');
    }
  }

  async #openTransport(): Promise<types.WebRtcTransport> {
    return await this.#router.createWebRtcTransport({
      webRtcServer: this.#options.server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      initialAvailableOutgoingBitrate: FIRST_OUTGOING_BITRATE,
    });
  }

  /** Makes a paused consumer of `of` for `member`, once, and tells the member. */
  async #consume(member: CallMember, owner: CallMember, of: OwnProducer): Promise<void> {
    const { capabilities } = member;
    if (!capabilities || member.consuming.has(of)) return;
    member.consuming.add(of);
    try {
      if (!this.#router.canConsume({ producerId: of.producer.id, rtpCapabilities: capabilities })) return;
      // Simulcast: mediasoup prefers the highest layers by itself and goes down where the network cannot carry them.
      const consumer = await member.receive.consume({
        producerId: of.producer.id,
        rtpCapabilities: capabilities,
        paused: true,
      });
      if (member.closed || owner.closed || of.producer.closed) return consumer.close();
      const own = { consumer, of, ready: false };
      member.consumers.set(consumer.id, own);
      this.#announce(member, own);
      watchLayers(consumer, (layers) => this.#events.consumerLayers(member.id, consumer.id, layers));
      if (of.source === 'screen') await consumer.setPriority(SCREEN_PRIORITY);
    } catch (error) {
      if (!member.closed && !owner.closed && !of.producer.closed) this.#log('consume', error);
    }
  }

  #tellSources(member: CallMember): void {
    this.#recording?.follow(this.#live());
    this.#events.sources(member.id, member.sources());
  }

  #live(): LiveSource[] {
    return [...this.#members.values()].flatMap(({ id, producers }) =>
      [...producers.values()].flatMap(({ producer, source, paused }) =>
        paused ? [] : [{ member: id, source, producer }],
      ),
    );
  }

  #listenTo(id: string, producer: types.Producer): void {
    this.#speaking ??= SpeakingObserver.open(this.#router, (speaking) => {
      for (const member of this.#members.keys()) this.#events.speaking(member, speaking);
    });
    void this.#withSpeaking(async (speaking) => await speaking.add(id, producer));
  }

  /** Who speaks is worth knowing and nothing depends on it: what fails is logged. */
  async #withSpeaking(act: (speaking: SpeakingObserver) => Promise<void> | void): Promise<void> {
    try {
      const speaking = await this.#speaking;
      if (speaking) await act(speaking);
    } catch (error) {
      if (!this.#router.closed) this.#log('speaking', error);
    }
  }

  #announce(member: CallMember, { consumer, of }: OwnConsumer): void {
    const participant = this.#ownerOf(of);
    if (participant === undefined) return;
    const view: ConsumerView = {
      id: consumer.id,
      producer: of.producer.id,
      participant,
      source: of.source,
      kind: consumer.kind,
      rtpParameters: { ...consumer.rtpParameters },
      producerPaused: of.paused,
    };
    this.#events.consumer(member.id, view);
  }

  #ownerOf(of: OwnProducer): string | undefined {
    return [...this.#members.values()].find((member) => member.producers.get(of.producer.id) === of)?.id;
  }

  #eachConsumerOf(of: OwnProducer, act: (member: CallMember, consumer: OwnConsumer) => void): void {
    for (const member of this.#members.values()) {
      for (const consumer of member.consumers.values()) if (consumer.of === of) act(member, consumer);
    }
  }

  #forgetProducer(owner: CallMember, of: OwnProducer): void {
    owner.producers.delete(of.producer.id);
    owner.taken.delete(of.source);
    for (const member of this.#members.values()) member.consuming.delete(of);
    this.#eachConsumerOf(of, (member, { consumer }) => {
      member.consumers.delete(consumer.id);
      this.#events.consumerClosed(member.id, consumer.id);
    });
  }

  /** Closes all of a member and tells the others. */
  #drop(id: string, { tellSources }: { tellSources: boolean }): void {
    const member = this.#members.get(id);
    if (!member) return;
    this.#members.delete(id);
    const hadSources = member.sources().length > 0;
    for (const of of member.producers.values()) this.#forgetProducer(member, of);
    member.close();
    this.#recording?.follow(this.#live());
    if (tellSources && hadSources) this.#events.sources(id, []);
  }
}

function view(transport: types.WebRtcTransport): TransportView {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return {
    id,
    iceParameters: { ...iceParameters },
    iceCandidates: iceCandidates.map((candidate) => ({ ...candidate })),
    dtlsParameters: { ...dtlsParameters },
  };
}
