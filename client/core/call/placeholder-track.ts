/**
 * A track that never carries anything, to agree a codec with before there is a device: the receiving half of a
 * connection that is never made. Unlike a silent audio graph or an empty canvas it sends not one packet, needs no
 * permission to play, and is the same in every browser.
 */
export function withPlaceholderTrack<T>(
  kind: 'audio' | 'video',
  use: (track: MediaStreamTrack) => Promise<T>,
): Promise<T> {
  const connection = new RTCPeerConnection();
  const { track } = connection.addTransceiver(kind).receiver;
  return use(track).finally(() => connection.close());
}
