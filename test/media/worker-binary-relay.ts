import { createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import type { WebRtcTransport } from 'mediasoup/types';

/** Two transports joined by datagrams that the test hands through; `seen` are those datagrams, encrypted as they are. */
export type Relay = { seen: Buffer[]; close: () => void };

/**
 * Joins two WebRtcTransports, which both wait for somebody to come: does ICE with each of them as a browser would, and
 * hands through what they then send each other. Resolves when both have finished the DTLS handshake.
 */
export async function relay(a: WebRtcTransport, b: WebRtcTransport): Promise<Relay> {
  const seen: Buffer[] = [];
  const toA = await openSocket();
  const toB = await openSocket();
  handThrough(toA, (datagram) => send(toB, b, datagram), seen);
  handThrough(toB, (datagram) => send(toA, a, datagram), seen);

  const joined = Promise.all([dtlsConnected(a), dtlsConnected(b)]);
  await a.connect({ dtlsParameters: { ...b.dtlsParameters, role: 'client' } });
  await b.connect({ dtlsParameters: { ...a.dtlsParameters, role: 'server' } });
  send(toA, a, bindingRequest(a));
  send(toB, b, bindingRequest(b));
  await joined;
  return {
    seen,
    close: () => {
      toA.close();
      toB.close();
    },
  };
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

function handThrough(from: Socket, hand: (datagram: Buffer) => void, seen: Buffer[]): void {
  from.on('message', (datagram) => {
    // RFC 7983: a first byte below 4 is STUN, which is between a transport and us.
    if ((datagram[0] ?? 0) < 4) return;
    seen.push(datagram);
    hand(datagram);
  });
}

function send(socket: Socket, { iceCandidates }: WebRtcTransport, datagram: Buffer): void {
  const candidate = iceCandidates.find(({ protocol }) => protocol === 'udp');
  if (!candidate) throw new Error('the transport has no UDP candidate');
  socket.send(datagram, candidate.port, candidate.ip);
}

async function dtlsConnected(transport: WebRtcTransport): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') resolve();
      if (state === 'failed' || state === 'closed') reject(new Error(`DTLS is ${state}`));
    });
    transport.observer.once('close', () => reject(new Error('the transport closed')));
  });
}

/** A STUN binding request that nominates its pair (RFC 8489, RFC 8445). */
function bindingRequest({ iceParameters: { usernameFragment, password } }: WebRtcTransport): Buffer {
  const attributes = [
    attribute(0x0006, Buffer.from(`${usernameFragment}:tester`)),
    attribute(0x0024, Buffer.from('7e0000ff', 'hex')), // PRIORITY
    attribute(0x802a, randomBytes(8)), // ICE-CONTROLLING
    attribute(0x0025, Buffer.alloc(0)), // USE-CANDIDATE
  ];
  const transaction = randomBytes(12);
  // Both checks cover everything before them, under a length that counts them already.
  const upTo = (length: number): Buffer => {
    const header = Buffer.alloc(8);
    header.writeUInt16BE(0x0001, 0);
    header.writeUInt16BE(length, 2);
    header.writeUInt32BE(0x2112a442, 4);
    return Buffer.concat([header, transaction, ...attributes]);
  };
  const lengthNow = (): number => Buffer.concat(attributes).length;
  const integrity = createHmac('sha1', password).update(upTo(lengthNow() + 24));
  attributes.push(attribute(0x0008, integrity.digest()));
  const fingerprint = Buffer.alloc(4);
  fingerprint.writeUInt32BE((crc32(upTo(lengthNow() + 8)) ^ 0x5354554e) >>> 0);
  attributes.push(attribute(0x8028, fingerprint));
  return upTo(lengthNow());
}

function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}
