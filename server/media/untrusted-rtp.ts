import { getSupportedRtpCapabilities, type types } from 'mediasoup';

/**
 * Rebuilds what a browser sent from scratch, with nothing in it but the types and sizes that mediasoup expects; throws
 * a TypeError on anything else. mediasoup checks less than it writes: one fractional bitrate, for instance, makes it
 * throw in the middle of a message to the worker, and from then on every other call on that worker fails as well.
 */

type Fields = Record<string, unknown>;

/** The DTLS certificate that a member's browser will show. */
export function readDtlsParameters(value: unknown): types.DtlsParameters {
  const input = fields(value);
  const role = optional(input['role'], (role) => oneOf(role, ['auto', 'client', 'server'] as const));
  return {
    ...(role && { role }),
    fingerprints: list(input['fingerprints'], 8, (fingerprint) => ({
      algorithm: oneOf(fields(fingerprint)['algorithm'], [
        'sha-1',
        'sha-224',
        'sha-256',
        'sha-384',
        'sha-512',
      ] as const),
      value: text(fields(fingerprint)['value'], /^[0-9A-Fa-f:]{2,200}$/),
    })),
  };
}

/** What a member wants to send: every codec has to be of `kind`. */
export function readRtpParameters(value: unknown, kind: types.MediaKind): types.RtpParameters {
  const input = fields(value);
  const mid = optional(input['mid'], (mid) => text(mid, NAME));
  const msid = optional(input['msid'], (msid) => text(msid));
  const rtcp = fields(input['rtcp'] ?? {});
  const cname = optional(rtcp['cname'], (cname) => text(cname));
  return {
    ...(mid !== undefined && { mid }),
    ...(msid !== undefined && { msid }),
    codecs: list(input['codecs'], 8, (codec) => readCodec(fields(codec), kind)),
    headerExtensions: list(input['headerExtensions'] ?? [], 32, readHeaderExtension),
    encodings: list(input['encodings'] ?? [], 4, readEncoding),
    rtcp: { ...(cname !== undefined && { cname }), reducedSize: rtcp['reducedSize'] !== false },
  };
}

/** What a member's browser can receive. */
export function readRtpCapabilities(value: unknown): types.RtpCapabilities {
  const input = fields(value);
  return {
    codecs: list(input['codecs'], 64, (item) => {
      const codec = fields(item);
      const kind = oneOf(codec['kind'], KINDS);
      const preferredPayloadType = optional(codec['preferredPayloadType'], payloadType);
      if (preferredPayloadType === undefined) throw new TypeError('no payload type');
      return { kind, preferredPayloadType, ...readCodecFormat(codec, kind) };
    }),
    headerExtensions: list(input['headerExtensions'] ?? [], 64, (item) => {
      const extension = fields(item);
      return {
        kind: oneOf(extension['kind'], KINDS),
        uri: oneOf(extension['uri'], HEADER_EXTENSIONS),
        preferredId: integer(extension['preferredId'], 1, 255),
        preferredEncrypt: extension['preferredEncrypt'] === true,
        direction: oneOf(extension['direction'] ?? 'sendrecv', [
          'sendrecv',
          'sendonly',
          'recvonly',
          'inactive',
        ] as const),
      };
    }),
  };
}

const HEADER_EXTENSIONS = (getSupportedRtpCapabilities().headerExtensions ?? []).map(({ uri }) => uri);
const KINDS = ['audio', 'video'] as const;
const NAME = /^[\w.-]{1,32}$/;
/** Texts become parts of lines of SDP, in the others' browsers and in ffmpeg: nothing may end a line or a parameter. */
const PART_OF_LINE = /^[\x20-\x3a\x3c-\x7e]*$/;

function readCodec(codec: Fields, kind: types.MediaKind): types.RtpCodecParameters {
  return { payloadType: payloadType(codec['payloadType']), ...readCodecFormat(codec, kind) };
}

function readCodecFormat(codec: Fields, kind: types.MediaKind) {
  const mimeType = text(codec['mimeType'], /^(audio|video)\/[\w.-]{1,32}$/i);
  if (!mimeType.toLowerCase().startsWith(`${kind}/`)) throw new TypeError(`${mimeType} is not ${kind}`);
  const channels = optional(codec['channels'], (channels) => integer(channels, 1, 8));
  return {
    mimeType,
    clockRate: integer(codec['clockRate'], 1, 1_000_000),
    ...(channels !== undefined && { channels }),
    parameters: readParameters(codec['parameters']),
    rtcpFeedback: list(codec['rtcpFeedback'] ?? [], 16, (item) => {
      const parameter = fields(item)['parameter'];
      return { type: text(fields(item)['type']), parameter: parameter === undefined ? '' : text(parameter) };
    }),
  };
}

function readHeaderExtension(item: unknown): types.RtpHeaderExtensionParameters {
  const extension = fields(item);
  return {
    uri: oneOf(extension['uri'], HEADER_EXTENSIONS),
    id: integer(extension['id'], 1, 255),
    encrypt: extension['encrypt'] === true,
    parameters: readParameters(extension['parameters']),
  };
}

function readEncoding(item: unknown): types.RtpEncodingParameters {
  const encoding = fields(item);
  const ssrc = optional(encoding['ssrc'], uint32);
  const rid = optional(encoding['rid'], (rid) => text(rid, NAME));
  const rtx = optional(encoding['rtx'], (rtx) => ({ ssrc: uint32(fields(rtx)['ssrc']) }));
  const codecPayloadType = optional(encoding['codecPayloadType'], payloadType);
  const scalabilityMode = optional(encoding['scalabilityMode'], (mode) => text(mode, /^[LS][1-3]T[1-3](_KEY)?$/));
  const maxBitrate = optional(encoding['maxBitrate'], uint32);
  return {
    ...(ssrc !== undefined && { ssrc }),
    ...(rid !== undefined && { rid }),
    ...(rtx && { rtx }),
    ...(codecPayloadType !== undefined && { codecPayloadType }),
    ...(scalabilityMode !== undefined && { scalabilityMode }),
    ...(maxBitrate !== undefined && { maxBitrate }),
    dtx: encoding['dtx'] === true,
  };
}

function readParameters(value: unknown): Record<string, string | number | boolean> {
  const entries = Object.entries(fields(value ?? {}));
  if (entries.length > 32) throw new TypeError('too many codec parameters');
  // fromEntries defines own properties, so a key like __proto__ stays a key.
  return Object.fromEntries(
    entries.map(([key, value]) => {
      if (typeof value === 'boolean') return [text(key), value];
      if (typeof value === 'number') return [text(key), integer(value, -0x80000000, 0x7fffffff)];
      return [text(key), text(value)];
    }),
  );
}

function fields(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return Object.fromEntries(Object.entries(value));
}

function list<T>(value: unknown, most: number, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > most) throw new TypeError(`not a list of at most ${most}`);
  return value.map(read);
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

function text(value: unknown, pattern = PART_OF_LINE): string {
  if (typeof value !== 'string' || value.length > 255) throw new TypeError('not a short text');
  if (!pattern.test(value)) throw new TypeError('not the expected text');
  return value;
}

function integer(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least || value > most) {
    throw new TypeError(`not a whole number from ${least} to ${most}`);
  }
  return value;
}

function payloadType(value: unknown): number {
  return integer(value, 0, 127);
}

function uint32(value: unknown): number {
  return integer(value, 0, 0xffffffff);
}

function oneOf<T extends string>(value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new TypeError(`none of ${choices.join(', ')}`);
  return found;
}
