import type { CallRecording, Media, MediaCall, MediaResult, RecordOptions } from '../media/media.ts';
import type { MediaRequest } from '../protocol/from-client.ts';
import type { ServerFrame } from '../protocol/from-server.ts';
import type { MediaPush, MediaSource } from '../protocol/media.ts';
import { SharedScreens } from './shared-screens.ts';

type PushBody<T = MediaPush> = T extends unknown ? Omit<T, 'conversation' | 'call'> : never;

export type CallMediaOptions = {
  media: Media;
  conversation: string;
  call: string;
  /** Pushes to a member's tab. */
  push: (member: string, frame: ServerFrame) => void;
  sourcesChanged: (member: string, sources: MediaSource[]) => void;
  /** Whether the member's tab is connected. */
  isHere: (member: string) => boolean;
};

type Produce = Extract<MediaRequest, { type: 'media.produce' }>;
type Reply = MediaResult<{ data: Record<string, unknown> }> | { ok: false; reason: 'screen-taken' };

/** Tabs of one person that get ready while it rings: nobody alone fills the call. */
const TABS_MAX = 4;

/**
 * The media of one call of a room. Opened by the first member who joins, and opened anew after its worker died; so a
 * call that the record says is running comes back as soon as its members do.
 */
export class CallMedia {
  #options: CallMediaOptions;
  #opened: Promise<MediaCall> | null = null;
  #joined = new Set<string>();
  #screens = new SharedScreens();
  #active = false;
  #recording: { options: RecordOptions; running: CallRecording | null } | null = null;
  #closed = false;

  constructor(options: CallMediaOptions) {
    this.#options = options;
  }

  get call(): string {
    return this.#options.call;
  }

  async handle(member: string, request: Exclude<MediaRequest, { type: 'call.report' }>): Promise<Reply> {
    if (request.type === 'media.join') return await this.#join(member);
    const call = await this.#opened?.catch(() => null);
    if (!call || !this.#joined.has(member)) return { ok: false, reason: 'not-in-call' };
    if (request.type === 'media.produce' && request.source.startsWith('screen')) {
      return await this.#share(call, member, request);
    }
    const reply = await perform(call, member, request);
    if (request.type === 'media.close' && reply.ok) this.#screens.free(member, request.producer);
    return reply;
  }

  /** The yes. Members that only got ready in another tab are let go. */
  async activate(members: readonly string[]): Promise<void> {
    this.#active = true;
    const call = await this.#opened?.catch(() => null);
    for (const member of this.#joined) if (!members.includes(member)) this.leave(member);
    await call?.activate();
  }

  /** The member may send nothing from now on: what it sent is closed, and it joins again to receive. */
  silence(member: string): void {
    if (!this.#joined.has(member)) return;
    this.leave(member);
    this.#push(member, { type: 'media.lost' });
  }

  /** Frees what the member has; while the call has it among its people it may join again. */
  leave(member: string): void {
    if (!this.#joined.delete(member)) return;
    this.#screens.free(member);
    this.#opened?.then((call) => call.leave(member)).catch(() => {});
  }

  /** From here on the call is recorded, on whatever worker it runs, until `stopRecording` or `close`. */
  async record(options: RecordOptions): Promise<void> {
    this.#recording = { options, running: null };
    const call = await this.#opened?.catch(() => null);
    if (call && !this.#closed) this.#recordOn(call);
  }

  /** Not one packet more is written; resolves when the files are complete. */
  async stopRecording(): Promise<void> {
    const recording = this.#recording;
    this.#recording = null;
    await recording?.running?.stop();
  }

  close(): void {
    this.#closed = true;
    this.#joined.clear();
    this.#opened?.then((call) => call.close()).catch(() => {});
  }

  async #join(member: string): Promise<MediaResult<{ data: Record<string, unknown> }>> {
    if (!this.#joined.has(member)) {
      const tabs = [...this.#joined].filter((other) => personOf(other) === personOf(member));
      if (tabs.length >= TABS_MAX) return { ok: false, reason: 'too-many' };
    }
    this.#joined.add(member);
    // What it sent before is closed by joining again.
    this.#screens.free(member);
    const opened = (this.#opened ??= this.#open());
    // A worker that dies in this moment: the tab asks again, and the call is opened on another one.
    const call = await opened.catch(() => null);
    if (!call) {
      if (this.#opened === opened) this.#opened = null;
      return { ok: false, reason: 'not-in-call' };
    }
    const joined = await call.join(member);
    return joined.ok ? { ok: true, data: { ...joined.join } } : joined;
  }

  async #open(): Promise<MediaCall> {
    const call = await this.#options.media.openCall({
      consumer: (member, consumer) => this.#push(member, { type: 'media.consumer', consumer }),
      consumerPaused: (member, consumer, paused) =>
        this.#push(member, { type: 'media.consumer-paused', consumer, paused }),
      consumerClosed: (member, consumer) => this.#push(member, { type: 'media.consumer-closed', consumer }),
      consumerLayers: (member, consumer, layers) =>
        this.#push(member, { type: 'media.consumer-layers', consumer, layers }),
      quality: (member, participant, quality) => this.#push(member, { type: 'media.quality', participant, quality }),
      speaking: (member, speaking) => this.#push(member, { type: 'media.speaking', ...speaking }),
      sources: (member, sources) => this.#options.sourcesChanged(member, sources),
      lost: () => this.#lost(),
    });
    if (this.#closed) call.close();
    else if (this.#active) await call.activate();
    if (!this.#closed) this.#recordOn(call);
    return call;
  }

  #recordOn(call: MediaCall): void {
    const recording = this.#recording;
    if (!recording || recording.running) return;
    recording.running = call.record(recording.options);
    if (!recording.running) recording.options.failed(new Error('this server cannot record'));
  }

  #lost(): void {
    this.#opened = null;
    // Its files are complete as far as they go; what comes after goes into new ones.
    if (this.#recording) this.#recording.running = null;
    const members = [...this.#joined];
    this.#joined.clear();
    this.#screens.clear();
    if (!this.#closed) for (const member of members) this.#push(member, { type: 'media.lost' });
  }

  /** The picture takes the side's place; the sound goes with it. */
  async #share(call: MediaCall, member: string, request: Produce): Promise<Reply> {
    const other = this.#screens.otherThan(member);
    if (other && this.#options.isHere(other.member)) return { ok: false, reason: 'screen-taken' };
    if (request.source === 'screen-audio') return await perform(call, member, request);
    const had = this.#screens.has(member);
    this.#screens.take(member);
    if (other?.producer) await call.closeProducer(other.member, other.producer);
    const made = await call.produce(member, request);
    if (made.ok) this.#screens.sent(member, made.producer);
    else if (!had) this.#screens.free(member);
    return asReply(made);
  }

  #push(member: string, body: PushBody): void {
    const { conversation, call } = this.#options;
    this.#options.push(member, { ...body, conversation, call });
  }
}

/** A member is one tab of a person: the tab's name is the last part. */
function personOf(member: string): string {
  return member.slice(0, member.lastIndexOf('.'));
}

async function perform(
  call: MediaCall,
  member: string,
  request: Exclude<MediaRequest, { type: 'media.join' | 'call.report' }>,
): Promise<MediaResult<{ data: Record<string, unknown> }>> {
  switch (request.type) {
    case 'media.capable':
      return asReply(await call.capable(member, request.rtpCapabilities));
    case 'media.connect':
      return asReply(await call.connect(member, request.transport, request.dtlsParameters));
    case 'media.produce':
      return asReply(await call.produce(member, request));
    case 'media.pause':
      return asReply(await call.pause(member, request.producer, request.paused));
    case 'media.close':
      return asReply(await call.closeProducer(member, request.producer));
    case 'media.ready':
      return asReply(await call.ready(member, request.consumer));
    case 'media.quality':
      return asReply(await call.quality(member, { level: request.level, reason: request.reason }));
    case 'media.restart-ice':
      return asReply(await call.restartIce(member, request.transport));
  }
}

function asReply(result: MediaResult<object>): MediaResult<{ data: Record<string, unknown> }> {
  if (!result.ok) return result;
  const { ok: _, ...data } = result;
  return { ok: true, data };
}
