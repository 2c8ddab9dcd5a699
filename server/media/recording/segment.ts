import { createSocket } from 'node:dgram';
import { join } from 'node:path';
import type { types } from 'mediasoup';
import { exitOf, textOf, type Ffmpeg, type FfmpegProcess } from './ffmpeg.ts';
import { listens, takePortPair, type PortPair } from './port-pair.ts';
import { containerOf, ffmpegCapabilities, sdpOf } from './sdp.ts';
import { writeNote, type SegmentNote } from './segment-note.ts';

const LISTENS_WITHIN_MS = 10_000;
/** Between the first packet and the first bytes of the file; then something is wrong. */
const WRITES_WITHIN_MS = 15_000;
/** How long a file may take to be completed before its writer is ended. */
const GOODBYE_MS = 1_500;
const MERCY_MS = 4_000;
/** A player seeks to key frames only. */
const KEY_FRAME_EVERY_MS = 10_000;
const LONGEST_SECONDS = 6 * 60 * 60;
/** Of a camera's sizes the middle one: good to look at, and a third of the bytes. */
const CAMERA_LAYER = 1;

export type SegmentOptions = {
  router: types.Router;
  producer: types.Producer;
  ffmpeg: Ffmpeg;
  folder: string;
  /** Everything that is known before the first packet. */
  note: Omit<SegmentNote, 'at' | 'file' | 'mimeType'>;
  /** The recording's zero, in milliseconds since the epoch. */
  startedAt: number;
  /** What was to be written is not written (any more). */
  failed: (error: Error) => void;
};

/** One source, from a producer through a plain transport into one file, as it is. Nothing is written after `close`. */
export class Segment {
  readonly #options: SegmentOptions;
  readonly #stop = new AbortController();
  /** Resolves when nothing of it runs any more. */
  readonly ended: Promise<void>;
  #ports: PortPair | null = null;
  #transport: types.PlainTransport | null = null;
  #child: FfmpegProcess | null = null;
  #exited: Promise<number | null> | null = null;
  #ssrc = 0;
  #wrote = false;

  constructor(options: SegmentOptions) {
    this.#options = options;
    this.ended = this.#run();
  }

  /** No packet goes into the file from here on; resolves when the file is complete. */
  async close(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#stop.abort();
      this.#transport?.close();
      void this.#sayGoodbye();
    }
    await this.ended;
  }

  async #run(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      if (!this.#stop.signal.aborted && !this.#options.producer.closed) {
        this.#options.failed(error instanceof Error ? error : new Error(String(error)));
      }
    } finally {
      this.#transport?.close();
      this.#child?.kill('SIGKILL');
      this.#ports?.release();
    }
  }

  async #write(): Promise<void> {
    const { router, producer, note } = this.#options;
    const { signal } = this.#stop;
    const ports = (this.#ports = await takePortPair());
    signal.throwIfAborted();
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
      rtcpMux: true,
    });
    this.#transport = transport;
    if (signal.aborted) return transport.close();
    await transport.connect({ ip: '127.0.0.1', port: ports.rtp });
    const layers = producer.rtpParameters.encodings?.length ?? 1;
    const consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: ffmpegCapabilities(router.rtpCapabilities),
      paused: true,
      enableRtx: false,
      ...(note.kind === 'video' &&
        layers > 1 && { preferredLayers: { spatialLayer: Math.min(CAMERA_LAYER, layers - 1) } }),
    });
    const mimeType = consumer.rtpParameters.codecs[0]?.mimeType ?? '';
    const container = containerOf(mimeType);
    if (!container) throw new Error(`no container holds ${mimeType}`);
    const file = `${note.n}.${container}`;
    this.#ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc ?? 0;
    const child = this.#start(file, container, sdpOf(consumer.kind, consumer.rtpParameters, ports.rtp));
    const exited = this.#exited ?? exitOf(child);
    const said = textOf(child.stderr);
    const listening = await Promise.race([listens(ports.rtp, { timeoutMs: LISTENS_WITHIN_MS, signal }), exited]);
    signal.throwIfAborted();
    if (listening !== true) throw new Error(`ffmpeg does not listen: ${child.exitCode === null ? '' : await said}`);
    await this.#let(consumer, { file, mimeType });
    const keyFrames = setInterval(() => void consumer.requestKeyFrame().catch(() => {}), KEY_FRAME_EVERY_MS).unref();
    try {
      if (note.kind === 'audio') clearInterval(keyFrames);
      const code = await exited;
      if (!signal.aborted) throw new Error(`ffmpeg ended with ${code ?? 'a signal'} while it recorded: ${await said}`);
    } finally {
      clearInterval(keyFrames);
    }
  }

  #start(file: string, container: 'webm' | 'mp4', sdp: string): FfmpegProcess {
    const input = [
      `-protocol_whitelist pipe,udp,rtp -localaddr 127.0.0.1 -listen_timeout ${LONGEST_SECONDS}`,
      '-reorder_queue_size 512 -max_delay 300000 -buffer_size 2097152',
      // Size and codec are all that has to be found out, and the first key frame says them.
      '-fpsprobesize 0 -analyzeduration 10000000 -f sdp -i pipe:0',
    ].flatMap((options) => options.split(' '));
    // What is in the file can be played whenever its writer dies.
    const crashSafe =
      container === 'webm'
        ? ['-cluster_time_limit', '1000', '-f', 'webm']
        : ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+delay_moov', '-f', 'mp4'];
    const output = ['-map', '0:0', '-c', 'copy', '-t', `${LONGEST_SECONDS}`, '-flush_packets', '1', ...crashSafe];
    const progress = ['-progress', 'pipe:1', '-stats_period', '0.5'];
    const { ffmpeg, folder } = this.#options;
    const child = ffmpeg.spawn([...progress, ...input, ...output, '-n', join(folder, file)]);
    this.#child = child;
    this.#exited = exitOf(child);
    child.stdin.end(sdp);
    child.stdout.setEncoding('latin1');
    child.stdout.on('data', (lines: string) => {
      if (/total_size=[1-9]/.test(lines)) this.#wrote = true;
    });
    return child;
  }

  /** Lets packets flow, notes when the first one did, and sees that they arrive in the file. */
  async #let(consumer: types.Consumer, { file, mimeType }: { file: string; mimeType: string }): Promise<void> {
    const { folder, note, startedAt, failed } = this.#options;
    consumer.once('trace', () => {
      const at = Math.max(0, Date.now() - startedAt);
      consumer.enableTraceEvent([]).catch(() => {});
      const late = setTimeout(() => {
        if (!this.#wrote && !this.#stop.signal.aborted) failed(new Error('packets arrive and nothing is written'));
      }, WRITES_WITHIN_MS).unref();
      this.#stop.signal.addEventListener('abort', () => clearTimeout(late), { once: true });
      try {
        writeNote(folder, { ...note, at, file, mimeType });
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    });
    await consumer.enableTraceEvent(['rtp']);
    // The worker asks for a key frame by itself when a video consumer is resumed.
    await consumer.resume();
  }

  /** The end of the stream as RTP says it (RFC 3550, 6.6), so that the file is completed; signals where that is not heard. */
  async #sayGoodbye(): Promise<void> {
    const child = this.#child;
    if (!child || !this.#ports) return;
    const bye = Buffer.alloc(8);
    bye.writeUInt32BE(0x81cb0001, 0);
    bye.writeUInt32BE(this.#ssrc, 4);
    const socket = createSocket('udp4').on('error', () => {});
    socket.send(bye, this.#ports.rtp, '127.0.0.1', () => socket.close());
    const timers = [
      setTimeout(() => child.kill('SIGTERM'), GOODBYE_MS),
      // The second one interrupts a read in which no packet ever arrives.
      setTimeout(() => child.kill('SIGTERM'), GOODBYE_MS + 200),
      setTimeout(() => child.kill('SIGKILL'), MERCY_MS),
    ];
    await this.#exited;
    for (const timer of timers) clearTimeout(timer);
  }
}
