import type { CallState, RemoteParty } from './session.ts';

/** What is to be said of a call's quality, and of whom. */
export type SaidQuality = RemoteParty['quality'] & {
  /** Whose connection it is, where it is not the own one. */
  participant: string | null;
};

const ORDER = ['good', 'fair', 'poor', 'lost'];

/** The worst of all; the own connection first, as it explains the rest and is the one that can be helped. */
export function saidQuality({ quality, remotes }: Pick<CallState, 'quality' | 'remotes'>): SaidQuality {
  let said: SaidQuality = { ...quality, side: 'own', participant: null };
  for (const remote of remotes) {
    const { level, side } = remote.quality;
    if (side === 'own' || ORDER.indexOf(level) <= ORDER.indexOf(said.level)) continue;
    said = { ...remote.quality, participant: remote.participant };
  }
  return said;
}
