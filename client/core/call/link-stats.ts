import type { types } from 'mediasoup-client';
import type { Received } from './incoming.ts';
import type { MediaLink } from './media-link.ts';
import type { Inbound, Sample } from './quality.ts';

type Numbers =
  | 'availableOutgoingBitrate'
  | 'bytesReceived'
  | 'currentRoundTripTime'
  | 'freezeCount'
  | 'jitter'
  | 'packetsLost'
  | 'packetsReceived'
  | 'packetsSent'
  | 'responsesReceived'
  | 'roundTripTime'
  | 'totalFreezesDuration';
type Texts =
  | 'candidateType'
  | 'localCandidateId'
  | 'protocol'
  | 'qualityLimitationReason'
  | 'relayProtocol'
  | 'selectedCandidatePairId'
  | 'state'
  | 'trackIdentifier';
/** Of RTCStatsReport's many dictionaries, what is looked at; browsers leave out what they do not know. */
type Stat = { id: string; type: string; nominated?: boolean } & Partial<Record<Numbers, number>> &
  Partial<Record<Texts, string>>;

/** Reads both connections of a join once: two calls of getStats. */
export async function sampleOf(
  link: MediaLink,
  received: Received[],
  at: number,
  sendsVideo: boolean,
): Promise<Sample> {
  const [up, down] = await Promise.all([statsOf(link.send), statsOf(link.receive)]);
  const pairs = [pairOf(up), pairOf(down)];
  const outbound = up.filter(({ type }) => type === 'outbound-rtp');
  const remote = up.filter(({ type }) => type === 'remote-inbound-rtp');
  const rtts = [
    ...pairs.map((pair) => pair?.currentRoundTripTime),
    ...remote.map(({ roundTripTime }) => roundTripTime),
  ].filter((rtt) => rtt !== undefined);
  return {
    at,
    connected: [link.send, link.receive].every(({ connectionState }) => !isDown(connectionState)),
    heard: pairs.reduce((sum, pair) => sum + (pair?.bytesReceived ?? 0) + (pair?.responsesReceived ?? 0), 0),
    path: pathOf(up, pairs[0]) ?? pathOf(down, pairs[1]),
    rttMs: rtts.length > 0 ? Math.round(1_000 * Math.max(...rtts)) : null,
    up: {
      sent: total(outbound, 'packetsSent'),
      lost: total(remote, 'packetsLost'),
      video: sendsVideo,
      available: pairs[0]?.availableOutgoingBitrate ?? null,
      busy: outbound.some(({ qualityLimitationReason }) => qualityLimitationReason === 'cpu'),
    },
    down: received.flatMap((one) => inboundOf(down, one)),
  };
}

async function statsOf(transport: types.Transport): Promise<Stat[]> {
  const all: Stat[] = [];
  (await transport.getStats()).forEach((stat: Stat) => all.push(stat));
  return all;
}

function inboundOf(stats: Stat[], { view, paused, consumer, layers }: Received): Inbound[] {
  const stat = stats.find(({ type, trackIdentifier }) => {
    return type === 'inbound-rtp' && trackIdentifier === consumer?.track.id;
  });
  if (!stat) return [];
  return [
    {
      id: view.id,
      participant: view.participant,
      on: !paused,
      received: stat.packetsReceived ?? 0,
      lost: Math.max(0, stat.packetsLost ?? 0),
      jitterMs: 1_000 * (stat.jitter ?? 0),
      freezes: stat.freezeCount ?? 0,
      freezeMs: 1_000 * (stat.totalFreezesDuration ?? 0),
      layers,
    },
  ];
}

/** The candidates that carry the connection; Firefox names them by their state alone. */
function pairOf(stats: Stat[]): Stat | undefined {
  const selected = stats.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
  return stats.find(
    ({ id, type, nominated, state }) =>
      type === 'candidate-pair' &&
      (selected ? id === selected.selectedCandidatePairId : nominated === true && state === 'succeeded'),
  );
}

function pathOf(stats: Stat[], pair: Stat | undefined): Sample['path'] {
  const local = stats.find(({ id }) => id === pair?.localCandidateId);
  if (!local) return null;
  // A relay behind a translated address is found as a `prflx`, which still tells how the relay is reached.
  if (local.candidateType === 'relay' || local.relayProtocol !== undefined) return 'relay';
  return local.protocol === 'tcp' ? 'tcp' : 'udp';
}

function total(stats: Stat[], what: Numbers): number {
  return stats.reduce((sum, stat) => sum + (stat[what] ?? 0), 0);
}

function isDown(state: types.ConnectionState): boolean {
  return state === 'disconnected' || state === 'failed';
}
