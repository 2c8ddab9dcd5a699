/**
 * WebSocket close codes of Mostrador (4000–4999 is the private range of RFC 6455, 7.4.2).
 * 40xx: come again with the usual waiting. 44xx: do not come again by yourself.
 */
export const CLOSE = {
  /** The server is going away; it or another one will be there soon. */
  draining: 4000,
  /** Nothing was heard for too long. */
  silent: 4001,
  /** Something of ours failed; state is reloaded from storage on the next connection. */
  failed: 4002,
  /** Everything of this shopper was erased: come again as somebody new. */
  erased: 4003,
  /** Who this is may do other things now than when the socket was opened. */
  changed: 4004,
  /** Frames that were not understood, again and again. */
  badFrames: 4400,
  /** Not signed in (any more). */
  signedOut: 4401,
  /** Unknown shop or forbidden origin. */
  forbidden: 4403,
  /** A client of another version of the protocol: reload the page. */
  version: 4406,
  /** The same tab connected again; this socket is the older one. */
  replaced: 4409,
  /** Too much in too short a time. */
  flood: 4429,
} as const;

/** Whether a client may reconnect by itself after this close code. */
export function mayReconnect(code: number): boolean {
  // 1009: what it sent was too large to be read (RFC 6455, 7.4.1), and would be again.
  return code !== 1009 && (code < 4400 || code > 4499);
}
