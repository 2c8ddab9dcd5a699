import type { Layers, Quality, QualityLevel, QualityReason } from '../../../server/protocol/media.ts';
import type { CallNumbers, RemoteParty } from './session.ts';

/** What the browser's statistics say at one moment. Counters are those of the connection so far. */
export type Sample = {
  /** Milliseconds. */
  at: number;
  /** False where the browser itself says that a connection is interrupted. */
  connected: boolean;
  /** Any number that changes whenever something arrives from the server. */
  heard: number;
  path: CallNumbers['path'];
  rttMs: number | null;
  up: {
    /** Packets, and how many of them the server has missed. */
    sent: number;
    lost: number;
    /** A camera or a screen is sent. */
    video: boolean;
    /** Bits a second that the browser believes it can send; null where it does not say. */
    available: number | null;
    /** The device, not the network, holds the picture back. */
    busy: boolean;
  };
  down: Inbound[];
};

/** One source of somebody else, as it arrives here. */
export type Inbound = {
  id: string;
  participant: string;
  /** Its owner has it switched on. */
  on: boolean;
  received: number;
  lost: number;
  jitterMs: number;
  freezes: number;
  freezeMs: number;
  /** For a camera that is sent in several sizes. */
  layers: Layers | null;
};

type PartyQuality = RemoteParty['quality'];
/** What is shown, and since when something else would have to be. */
type Settled<T> = { shown: T; otherSince: { at: number; worse: boolean } | null };

/** What is known after some samples: plain data, a new one for each sample. */
export type Assessment = {
  own: Quality;
  parties: Record<string, PartyQuality>;
  /** How long nothing at all has arrived, in milliseconds, though something should have. */
  silentMs: number;
  totals: Pick<CallNumbers, 'packetLoss' | 'freezes' | 'freezeMs' | 'path'>;
  memory: {
    samples: Sample[];
    heardAt: number;
    settledOwn: Settled<Quality>;
    settledParties: Record<string, Settled<PartyQuality>>;
    /** By party: when a packet of it arrived last. */
    arrivedAt: Record<string, number>;
    inbound: Record<string, Inbound>;
    /** Since when a picture is sent: it takes a moment to grow. */
    videoSince: number | null;
  };
};

type Limits = readonly [fair: number, poor: number];
/** Part of the packets: from 2 % on voice begins to suffer, from 8 % on it is hard to follow. */
const LOSS: Limits = [0.02, 0.08];
/** There and back. People begin to talk into each other at a delay of 200 ms each way (ITU-T G.114 says 150 is well). */
const RTT_MS: Limits = [400, 1_000];
const JITTER_MS: Limits = [60, 200];
/** Bits a second, from above: less shows a face only small, then hardly at all. */
const ROOM: Limits = [700_000, 250_000];
/** Part of the time that a picture stood still. */
const FROZEN: Limits = [0.1, 0.4];

const WINDOW_MS = 4_000;
/** What arrives is judged over longer: the sender's own word, if it is the sender's fault, is to come first. */
const LONG_WINDOW_MS = 6_000;
/** While packets leave, the server answers them ten times a second. */
const SILENT_MS = 1_500;
const SILENT_WHILE_LISTENING_MS = 6_000;
const PARTY_SILENT_MS = 3_000;
const PICTURE_GROWS_MS = 6_000;
const WORSE_AFTER_MS = 1_500;
const BETTER_AFTER_MS = 5_000;

const ORDER: readonly QualityLevel[] = ['good', 'fair', 'poor', 'lost'];
const GOOD: Quality = { level: 'good', reason: null };

/**
 * One more sample. `told` is what each party's browser says of its own connection; `anew`: the sample is of other
 * connections than the one before, so their counters have nothing to do with each other.
 */
export function assess(
  before: Assessment | null,
  sample: Sample,
  told: Record<string, Quality>,
  { anew = false } = {},
): Assessment {
  const known = anew ? [] : (before?.memory.samples ?? []);
  const last = known.at(-1);
  const samples = [...known, sample].filter(({ at }) => sample.at - at <= LONG_WINDOW_MS);
  const heardAt = !last || last.heard !== sample.heard || !before ? sample.at : before.memory.heardAt;
  const videoSince = sample.up.video ? (before?.memory.videoSince ?? sample.at) : null;
  const silentMs = sample.at - heardAt;

  const sending = last !== undefined && sample.up.sent > last.up.sent;
  const cut = !sample.connected || silentMs >= (sending ? SILENT_MS : SILENT_WHILE_LISTENING_MS);
  const grown = videoSince !== null && sample.at - videoSince > PICTURE_GROWS_MS;
  const rawOwn = cut ? quality('lost', 'cut') : worst([...upward(samples, grown), ...downward(samples, told)]);
  const settledOwn = settle(before?.memory.settledOwn, rawOwn, sample.at);
  const own = onDetour(settledOwn.shown, sample.path);

  const arrivedAt: Record<string, number> = {};
  const settledParties: Record<string, Settled<PartyQuality>> = {};
  for (const participant of new Set(sample.down.map((inbound) => inbound.participant))) {
    const arrives = !last || !before || received(sample, participant) !== received(last, participant);
    arrivedAt[participant] = arrives ? sample.at : (before.memory.arrivedAt[participant] ?? sample.at);
    const silent = sample.at - arrivedAt[participant] >= PARTY_SILENT_MS;
    const raw = judgeParty(participant, samples, { own, silent, told: told[participant] ?? GOOD });
    settledParties[participant] = settle(before?.memory.settledParties[participant], raw, sample.at);
  }
  const inbound = { ...before?.memory.inbound };
  for (const one of sample.down) inbound[one.id] = one;
  return {
    own,
    parties: Object.fromEntries(Object.entries(settledParties).map(([id, { shown }]) => [id, shown])),
    silentMs,
    totals: totalsOf(Object.values(inbound), sample.path ?? before?.totals.path ?? null),
    memory: { samples, heardAt, settledOwn, settledParties, arrivedAt, inbound, videoSince },
  };
}

function upward(samples: Sample[], grown: boolean): Quality[] {
  const { first, last } = windowOf(samples, WINDOW_MS);
  const sent = last.up.sent - first.up.sent;
  const room = grown && last.up.available !== null ? last.up.available : Infinity;
  const narrow = above(-room, [-ROOM[0], -ROOM[1]], 'slow');
  // A line that is too narrow loses and delays as well: that is not the reason but what follows.
  return [
    above(lossOf(last.up.lost - first.up.lost, sent), LOSS, isBad(narrow) ? 'slow' : 'lossy'),
    above(last.rttMs ?? 0, RTT_MS, 'late'),
    narrow,
    last.up.busy && first.up.busy && grown ? quality('fair', 'busy') : GOOD,
  ];
}

function downward(samples: Sample[], told: Record<string, Quality>): Quality[] {
  const { first, last } = windowOf(samples, LONG_WINDOW_MS);
  // What is late, lost or small already when it comes to the server is not the fault of this connection.
  const fromWell = (sample: Sample) => sample.down.filter((one) => one.on && !isBad(told[one.participant]));
  const [then, now] = [fromWell(first), fromWell(last)];
  const lost = sum(now, 'lost') - sum(then, 'lost');
  const shrunk = (sample: Sample | undefined) => (sample ? fromWell(sample).map(layersMissing) : []);
  const twice = shrunk(samples.at(-3)).map((missing, i) => Math.min(missing, shrunk(last)[i] ?? 0));
  const narrow = above(Math.max(0, ...twice), [1, 3], 'slow');
  return [
    narrow,
    above(lossOf(lost, sum(now, 'received') - sum(then, 'received') + lost), LOSS, isBad(narrow) ? 'slow' : 'lossy'),
  ];
}

/** 0: the largest size arrives · 1, 2: a smaller one · 3: none. */
function layersMissing({ layers }: Inbound): number {
  if (!layers || layers.sent === 0) return 0;
  return layers.forwarded === null ? 3 : Math.min(2, Math.max(0, layers.sent - 1 - layers.forwarded));
}

function judgeParty(
  participant: string,
  samples: Sample[],
  { own, silent, told }: { own: Quality; silent: boolean; told: Quality },
): PartyQuality {
  if (own.level === 'lost') return { ...own, side: 'own' };
  const { first, last } = windowOf(samples, WINDOW_MS);
  const of = (sample: Sample) => sample.down.filter((one) => one.participant === participant && one.on);
  const [then, now] = [of(first), of(last)];
  if (isBad(told)) return { ...told, side: 'their' };
  const withheld = now.some(({ layers }) => layers?.forwarded === null && layers.sent > 0);
  if (now.length > 0 && silent && !withheld) return { level: 'lost', reason: 'cut', side: 'their' };
  const lost = sum(now, 'lost') - sum(then, 'lost');
  const frozen = (sum(now, 'freezeMs') - sum(then, 'freezeMs')) / Math.max(1, last.at - first.at);
  const seen = worst([
    above(lossOf(lost, sum(now, 'received') - sum(then, 'received') + lost), LOSS, 'lossy'),
    above(Math.max(0, ...now.map(({ jitterMs }) => jitterMs)), JITTER_MS, 'late'),
    above(frozen, FROZEN, 'slow'),
  ]);
  if (seen.level === 'good' && own.level === 'good') return { ...GOOD, side: 'their' };
  // Where the own connection explains it, it is not said of the other's.
  if (ORDER.indexOf(own.level) >= ORDER.indexOf(seen.level)) return { ...own, side: 'own' };
  return { ...seen, side: isBad(own) ? 'own' : 'their' };
}

/** Worse only after a moment, better only after a longer one, so that a sign does not flicker; a cut is told at once. */
function settle<T extends Quality>(before: Settled<T> | undefined, raw: T, at: number): Settled<T> {
  if (!before) return { shown: raw, otherSince: null };
  const { shown, otherSince } = before;
  const [was, is] = [ORDER.indexOf(shown.level), ORDER.indexOf(raw.level)];
  if (raw.level === 'lost' || shown.level === 'lost' || (was === 0 && is === 0))
    return { shown: raw, otherSince: null };
  // As bad for another reason is told as slowly as an improvement.
  if (was === is && raw.reason === shown.reason) return { shown: raw, otherSince: null };
  const worse = is > was;
  const since = otherSince?.worse === worse ? otherSince.at : at;
  if (at - since >= (worse ? WORSE_AFTER_MS : BETTER_AFTER_MS)) return { shown: raw, otherSince: null };
  return { shown, otherSince: { at: since, worse } };
}

function onDetour(own: Quality, path: Sample['path']): Quality {
  if (own.level !== 'good') return own;
  return path === 'relay' || path === 'tcp' ? { level: 'good', reason: 'relayed' } : GOOD;
}

function totalsOf(inbound: Inbound[], path: Sample['path']): Assessment['totals'] {
  const lost = sum(inbound, 'lost');
  return {
    packetLoss: lossOf(lost, sum(inbound, 'received') + lost),
    freezes: sum(inbound, 'freezes'),
    freezeMs: Math.round(sum(inbound, 'freezeMs')),
    path,
  };
}

function windowOf(samples: Sample[], ms: number): { first: Sample; last: Sample } {
  const last = samples.at(-1);
  const first = samples.find(({ at }) => last && last.at - at <= ms);
  if (!last || !first) throw new Error('no samples');
  return { first, last };
}

function above(value: number, [fair, poor]: Limits, reason: QualityReason): Quality {
  if (value >= poor) return quality('poor', reason);
  return value >= fair ? quality('fair', reason) : GOOD;
}

/** The first of the worst. */
function worst(all: Quality[]): Quality {
  return all.reduce((a, b) => (ORDER.indexOf(b.level) > ORDER.indexOf(a.level) ? b : a), GOOD);
}

/** Of so few packets nothing can be said. */
function lossOf(lost: number, packets: number): number {
  return packets < 20 ? 0 : Math.min(1, Math.max(0, lost / packets));
}

function received(sample: Sample, participant: string): number {
  return sum(
    sample.down.filter((one) => one.participant === participant),
    'received',
  );
}

function sum(inbound: Inbound[], what: 'received' | 'lost' | 'freezes' | 'freezeMs'): number {
  return inbound.reduce((total, one) => total + one[what], 0);
}

const isBad = (told: Quality | undefined): boolean => told !== undefined && told.level !== 'good';
const quality = (level: QualityLevel, reason: QualityReason): Quality => ({ level, reason });
