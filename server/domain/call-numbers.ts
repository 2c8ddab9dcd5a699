import type { CallNumbers } from '../protocol/call-numbers.ts';
import { memberOf, type Conversation, type Presence } from './conversation.ts';
import { unchanged, type Decision } from './effects.ts';

/** More tabs than ever take part in one call, page loads and guests who come and go included. */
const REPORTS_MAX = 16;

/** What each member of a call has last told of it. */
export type CallReports = Readonly<Record<string, CallNumbers>>;

/** A member's tab says how the call goes. Whoever is not in it says nothing. */
export function reportCall(
  state: Conversation,
  presence: Presence,
  { id, numbers }: { id: string; numbers: CallNumbers },
): Decision {
  const { call } = state;
  const member = memberOf(presence);
  if (call?.status !== 'active' || call.id !== id) return unchanged(state);
  if (!call.members.some((other) => other.member === member)) return unchanged(state);
  const { [member]: before, ...others } = call.reports ?? {};
  if (!before && Object.keys(others).length >= REPORTS_MAX) return unchanged(state);
  const reports = { ...others, [member]: before ? goingOn(before, numbers) : numbers };
  return unchanged({ ...state, call: { ...call, reports } });
}

/** What stands in the record: the worst of all sides. Null where nobody has told anything. */
export function worstNumbers(reports: CallReports | undefined): CallNumbers | null {
  const [first, ...others] = Object.values(reports ?? {});
  return first ? others.reduce(worse, first) : null;
}

/** A page load begins its counts anew: how the call began stays, and nothing that happened is forgotten. */
function goingOn(before: CallNumbers, now: CallNumbers): CallNumbers {
  return {
    setUpMs: before.setUpMs ?? now.setUpMs,
    firstFrameMs: before.firstFrameMs ?? now.firstFrameMs,
    packetLoss: now.packetLoss,
    freezes: Math.max(before.freezes, now.freezes),
    freezeMs: Math.max(before.freezeMs, now.freezeMs),
    path: now.path ?? before.path,
  };
}

function worse(a: CallNumbers, b: CallNumbers): CallNumbers {
  const paths = [a.path, b.path];
  return {
    setUpMs: longer(a.setUpMs, b.setUpMs),
    firstFrameMs: longer(a.firstFrameMs, b.firstFrameMs),
    packetLoss: Math.max(a.packetLoss, b.packetLoss),
    freezes: Math.max(a.freezes, b.freezes),
    freezeMs: Math.max(a.freezeMs, b.freezeMs),
    path: (['relay', 'tcp', 'udp'] as const).find((path) => paths.includes(path)) ?? null,
  };
}

function longer(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
