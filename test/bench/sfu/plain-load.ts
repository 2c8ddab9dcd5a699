import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Where RTP is sent to, and what stands in it. */
export type Stream = { port: number; kind: 'audio' | 'video'; ssrc: number };

export const AUDIO_LEVEL_ID = 10;
/** Opus every 20 ms, and video of 1.1 Mbit/s: 120 packets of 1,150 bytes. */
export const PACKETS_PER_SECOND = { audio: 50, video: 120 };
const TICK_MS = 10;

type Sending = { stream: Stream; packet: Buffer; sequence: number; owed: number };

/** A made-up voice and picture, as RTP over UDP from this process. Every frame is a key frame, so nobody has to ask. */
export class PlainLoad {
  readonly #socket: Socket;
  readonly #sending = new Map<Stream, Sending>();
  #now: Sending[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;
  #last = 0;
  /** Packets so far. */
  sent = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(): Promise<PlainLoad> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new PlainLoad(socket);
  }

  /** From now on these are sent, and no others. A stream that was sent before goes on where it was. */
  start(streams: readonly Stream[]): void {
    this.stop();
    this.#now = streams.map((stream) => this.#of(stream));
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.stop();
    this.#socket.close();
  }

  #of(stream: Stream): Sending {
    const known = this.#sending.get(stream);
    const packet = stream.kind === 'audio' ? audioPacket(stream.ssrc) : videoPacket(stream.ssrc);
    const sending = known ?? { stream, packet, sequence: 0, owed: 0 };
    this.#sending.set(stream, sending);
    return sending;
  }

  #tick(): void {
    const now = performance.now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    // Voices grow louder and softer, so that whoever listens for that has something to do.
    const level = 20 + Math.round(20 * Math.abs(Math.sin(now / 700)));
    for (const each of this.#now) {
      const { stream, packet } = each;
      each.owed += seconds * PACKETS_PER_SECOND[stream.kind];
      for (; each.owed >= 1; each.owed -= 1) {
        each.sequence = (each.sequence + 1) & 0xffff;
        packet.writeUInt16BE(each.sequence, 2);
        packet.writeUInt32BE(Math.round(now * (stream.kind === 'audio' ? 48 : 90)) >>> 0, 4);
        if (stream.kind === 'audio') packet.writeUInt8(0x80 | level, 17);
        this.#socket.send(Buffer.from(packet), stream.port, '127.0.0.1');
        this.sent += 1;
      }
    }
  }
}

/** RFC 3550, with the level of RFC 6464 in a one-byte header extension (RFC 8285). */
function audioPacket(ssrc: number): Buffer {
  const packet = Buffer.alloc(20 + 80);
  packet.writeUInt8(0x90, 0);
  packet.writeUInt8(111, 1);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt16BE(0xbede, 12);
  packet.writeUInt16BE(1, 14);
  packet.writeUInt8(AUDIO_LEVEL_ID << 4, 16);
  return packet;
}

/** VP8 (RFC 7741): one packet is one key frame of 640 by 360. */
function videoPacket(ssrc: number): Buffer {
  const packet = Buffer.alloc(12 + 1_150);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(0x80 | 96, 1);
  packet.writeUInt32BE(ssrc, 8);
  Buffer.from([0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01]).copy(packet, 12);
  return packet;
}

/** A bound UDP port that nobody reads: what arrives is dropped by the system, and costs nobody's time. */
export class Sink {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.#child = child;
  }

  static async open(): Promise<Sink> {
    const script = `
      const socket = require('node:dgram').createSocket('udp4');
      socket.bind(0, '127.0.0.1', () => { process.stdout.write(socket.address().port + ''); });
    `;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGSTOP');
    return new Sink(Number(port.toString()), child);
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
