/**
 * The binary frames of co-browsing: a header of 16 bytes, big-endian, and a payload.
 *
 *   0 version (1) · 1 kind · 2 encoding · 3 part · 4 channel u32 · 8 epoch u32 · 12 seq u32 · 16 payload
 *
 * The shopper's tab sends channel 0; the server writes the session's channel in before it relays to agents.
 * `epoch` names one recorder in one page load; `seq` counts the `snapshot` and `events` frames of an epoch from 1.
 * `cursor` and `beat` frames are not counted (seq 0) and not kept: the last one wins. Nor are `sheets` counted.
 *
 * A large frame comes from the shopper's tab in parts, so that the chat on the same socket never waits for long: each part
 * has the frame's header, bit 0 of `part` says that more follows, bit 1 that it continues the part before. The server puts
 * them together; consoles get whole frames.
 */

const VERSION = 1;
export const COBROWSE_HEADER_BYTES = 16;

const KINDS = ['snapshot', 'events', 'cursor', 'beat', 'sheets'] as const;
const ENCODINGS = ['json', 'deflate-raw'] as const;

/**
 * `snapshot`: a whole page, everything before it is void · `events`: what changed · `cursor`: where the mouse is ·
 * `beat`: a `Beat` for the server alone · `sheets`: from the server alone, a list of `Sheet` that a console lacks for
 * what follows.
 */
export type CobrowseKind = (typeof KINDS)[number];
/** The payload is UTF-8 JSON, as it is or compressed. */
export type CobrowseEncoding = (typeof ENCODINGS)[number];

export type CobrowseHeader = {
  kind: CobrowseKind;
  encoding: CobrowseEncoding;
  channel: number;
  epoch: number;
  seq: number;
  /** More parts of the frame follow. */
  more: boolean;
  /** It continues the part before. */
  continued: boolean;
};

/**
 * Sent twice a second, after whatever left before it. Nobody's clock is trusted: all are durations of the sender's own.
 * `beat`: its number · `echo`: the last beat that was answered, `held` ms before this one left · `behind`: ms since the
 * oldest change that has not left the page.
 */
export type Beat = { beat: number; echo: number; held: number; behind: number };

type Part = Pick<CobrowseHeader, 'more' | 'continued'>;

/** A frame of header and payload; whole where the header does not say that it is a part. */
export function encodeCobrowseFrame(
  header: Omit<CobrowseHeader, keyof Part> & Partial<Part>,
  payload: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(COBROWSE_HEADER_BYTES + payload.byteLength);
  const view = new DataView(frame.buffer);
  frame[0] = VERSION;
  frame[1] = KINDS.indexOf(header.kind);
  frame[2] = ENCODINGS.indexOf(header.encoding);
  frame[3] = (header.more ? 1 : 0) + (header.continued ? 2 : 0);
  view.setUint32(4, header.channel);
  view.setUint32(8, header.epoch);
  view.setUint32(12, header.seq);
  frame.set(payload, COBROWSE_HEADER_BYTES);
  return frame;
}

/** The header of a frame, or null where it is none of ours. The payload is `frame.subarray(COBROWSE_HEADER_BYTES)`. */
export function readCobrowseHeader(frame: Uint8Array): CobrowseHeader | null {
  if (frame.byteLength <= COBROWSE_HEADER_BYTES || frame[0] !== VERSION) return null;
  const kind = KINDS[frame[1] ?? -1];
  const encoding = ENCODINGS[frame[2] ?? -1];
  const part = frame[3] ?? 0;
  if (!kind || !encoding || part > 3) return null;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const [channel, epoch, seq] = [view.getUint32(4), view.getUint32(8), view.getUint32(12)];
  return { kind, encoding, channel, epoch, seq, more: (part & 1) !== 0, continued: (part & 2) !== 0 };
}

/** Writes the channel into a frame, in place. */
export function stampChannel(frame: Uint8Array, channel: number): void {
  new DataView(frame.buffer, frame.byteOffset, frame.byteLength).setUint32(4, channel);
}
