import type { Colleague, TeamMember } from '../../../server/protocol/views.ts';
import { presenceWord } from '../desk/presence-words.ts';
import { w } from '../words.ts';

type Named = { id: string; name: string };

/** Whom a ticket can be given to: who is at the console first, then the others of the team, then whoever has it and is in it no more. */
export function ownersOf({
  present,
  members,
  own,
  you,
}: {
  present: readonly Colleague[];
  members: readonly TeamMember[];
  own: Named | null;
  you: string;
}): { id: string; says: string }[] {
  const here = present.map(({ id, name, presence }) => ({
    id,
    says: id === you ? w.ticket_owner_me() : `${name} · ${presenceWord(presence)}`,
  }));
  const isHere = new Set(present.map(({ id }) => id));
  const away = members.filter(({ id, active }) => active && !isHere.has(id));
  const known = new Set([...isHere, ...away.map(({ id }) => id)]);
  return [
    ...here,
    ...away.map(({ id, name }) => ({ id, says: w.ticket_owner_signed_out({ name }) })),
    ...(own && !known.has(own.id) ? [{ id: own.id, says: own.name }] : []),
  ];
}
