import type { types } from 'mediasoup';

/** How ffmpeg is told what arrives on a port of the loopback. */
export function sdpOf(kind: types.MediaKind, { codecs }: types.RtpParameters, port: number): string {
  const [codec] = codecs;
  if (!codec) throw new Error('a consumer without a codec');
  const name = codec.mimeType.slice(codec.mimeType.indexOf('/') + 1);
  const channels = codec.channels ? `/${codec.channels}` : '';
  const parameters = Object.entries(codec.parameters ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  return [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=${kind} ${port} RTP/AVP ${codec.payloadType}`,
    `a=rtpmap:${codec.payloadType} ${name}/${codec.clockRate}${channels}`,
    ...(parameters.length > 0 ? [`a=fmtp:${codec.payloadType} ${parameters.join(';')}`] : []),
    'a=recvonly',
    '',
  ].join('\r\n');
}

/** What ffmpeg takes: no retransmissions, no header extensions, feedback for key frames alone. */
export function ffmpegCapabilities({ codecs }: types.RtpCapabilities): types.RtpCapabilities {
  return {
    codecs: (codecs ?? [])
      .filter(({ mimeType }) => !mimeType.endsWith('/rtx'))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ parameter }) => parameter === 'pli' || parameter === 'fir'),
      })),
    headerExtensions: [],
  };
}

/** The container that browsers play and that holds the codec as it is; null where there is none. */
export function containerOf(mimeType: string): 'webm' | 'mp4' | null {
  switch (mimeType.toLowerCase()) {
    case 'audio/opus':
    case 'video/vp8':
    case 'video/vp9':
      return 'webm';
    case 'video/h264':
      return 'mp4';
    default:
      return null;
  }
}
