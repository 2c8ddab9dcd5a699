import type { CallView } from '../../../server/protocol/views.ts';
import type { CallState, RemoteParty } from './session.ts';

type Member = CallView['members'][number];

/** Somebody else in the call who talks. */
export type Talking = Member & {
  /** What is received of them; null until something is. */
  remote: RemoteParty | null;
  /** They speak just now. */
  speaks: boolean;
};

/** The others who talk, in the order in which they came; whoever has left is not among them. */
export function othersTalking(view: CallView, state: CallState | null, isOwn: (member: Member) => boolean): Talking[] {
  const remotes = new Map(state?.remotes.map((remote) => [remote.participant, remote]));
  return view.members
    .filter((member) => member.part === 'talks' && !isOwn(member))
    .map((member) => ({
      ...member,
      remote: remotes.get(member.participant) ?? null,
      speaks: state?.speaking.participants.includes(member.participant) ?? false,
    }));
}

/** Those who only listen, by name. */
export function listenersIn(view: CallView, isOwn: (member: Member) => boolean): string[] {
  return view.members.flatMap((member) => (member.part === 'listens' && !isOwn(member) ? (member.name ?? []) : []));
}

/** Whose picture is the largest: who carries the talk, else the first. */
export function foremost(people: readonly Talking[], state: CallState | null): Talking | null {
  return people.find(({ participant }) => participant === state?.speaking.dominant) ?? people[0] ?? null;
}
