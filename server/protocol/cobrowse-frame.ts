/**
 * The binary frames of co-browsing: a header of 16 bytes, big-endian, and a payload.
 *
 *   0 version (1) · 1 kind · 2 encoding · 3 zero · 4 channel u32 · 8 epoch u32 · 12 seq u32 · 16 payload
 *
 * The shopper's tab sends channel 0; the server writes the session's channel in before it relays to agents.
 * `epoch` names one recorder in one page load; `seq` counts the `snapshot` and `events` frames of an epoch from 1.
 * `cursor` frames are not counted (seq 0) and not kept: the last one wins.
 */

const VERSION = 1;
export const COBROWSE_HEADER_BYTES = 16;

const KINDS = ['snapshot', 'events', 'cursor'] as const;
const ENCODINGS = ['json', 'deflate-raw'] as const;

/** `snapshot`: a whole page, everything before it is void · `events`: what changed · `cursor`: where the mouse is. */
export type CobrowseKind = (typeof KINDS)[number];
/** The payload is UTF-8 JSON, as it is or compressed. */
export type CobrowseEncoding = (typeof ENCODINGS)[number];

export type CobrowseHeader = {
  kind: CobrowseKind;
  encoding: CobrowseEncoding;
  channel: number;
  epoch: number;
  seq: number;
};

/** A frame of header and payload. */
export function encodeCobrowseFrame(header: CobrowseHeader, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(COBROWSE_HEADER_BYTES + payload.byteLength);
  const view = new DataView(frame.buffer);
  frame[0] = VERSION;
  frame[1] = KINDS.indexOf(header.kind);
  frame[2] = ENCODINGS.indexOf(header.encoding);
  view.setUint32(4, header.channel);
  view.setUint32(8, header.epoch);
  view.setUint32(12, header.seq);
  frame.set(payload, COBROWSE_HEADER_BYTES);
  return frame;
}

/** The header of a frame, or null where it is none of ours. The payload is `frame.subarray(COBROWSE_HEADER_BYTES)`. */
export function readCobrowseHeader(frame: Uint8Array): CobrowseHeader | null {
  if (frame.byteLength <= COBROWSE_HEADER_BYTES || frame[0] !== VERSION || frame[3] !== 0) return null;
  const kind = KINDS[frame[1] ?? -1];
  const encoding = ENCODINGS[frame[2] ?? -1];
  if (!kind || !encoding) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return { kind, encoding, channel: view.getUint32(4), epoch: view.getUint32(8), seq: view.getUint32(12) };
}

/** Writes the channel into a frame, in place. */
export function stampChannel(frame: Uint8Array, channel: number): void {
  new DataView(frame.buffer, frame.byteOffset, frame.byteLength).setUint32(4, channel);
}
