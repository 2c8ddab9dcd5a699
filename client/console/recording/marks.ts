import type { Entry } from '../../../server/protocol/entry.ts';
import type { PageIndex } from '../../../server/protocol/recorded-page.ts';
import { readableAddress } from '../desk/journey.ts';
import { keepersOf, type Keeper } from '../thread/keeper.ts';
import { stepSentence } from '../thread/step-words.ts';
import { w } from '../words.ts';
import type { Recorded } from './recorded.ts';

/** Something to jump to on the line. `at` in seconds after the recording began. */
export type Mark = { at: number; kind: 'page' | 'message' | 'step' | 'pointing'; label: string };

type Recording = Pick<Extract<Recorded, { status: 'ready' }>, 'startedAt' | 'seconds' | 'page' | 'of' | 'silences'>;

const LABEL_CHARACTERS = 80;
/** Pointing goes on and on: what comes so soon after the mark before is the same. */
const SAME_POINTING_SECONDS = 3;
/** A stretch in which nothing happens is worth skipping from this length on; a little of it stays on both sides. */
const PAUSE_SECONDS = 4;
const LEFT_OF_A_PAUSE = 1;

/** Everything on the line of a recording, in its order. `you`: the reader's agent id. */
export function marksOf(recording: Recording, entries: readonly Entry[], you: string): Mark[] {
  const keepers = keepersOf(entries);
  const marks = [
    ...pageMarks(recording.page),
    ...entriesOf(recording, entries).flatMap((entry) =>
      entryMark(entry, recording, keepers.get(entry.seq) ?? null, you),
    ),
  ];
  return marks.toSorted((a, b) => a.at - b.at);
}

/** Where the page stands still and nobody speaks, points or writes: from and until, in seconds. */
export function pausesOf(recording: Recording, entries: readonly Entry[]): [number, number][] {
  const { page, of, silences, startedAt, seconds } = recording;
  const busy = [
    ...(page?.active ?? []).map(([from, to]) => [from / 1000, to / 1000] as const),
    ...(of.call ? voicesIn(silences, seconds) : []),
    ...entriesOf(recording, entries).map(({ at }) => [(at - startedAt) / 1000, (at - startedAt) / 1000 + 1] as const),
  ].toSorted(([a], [b]) => a - b);
  const pauses: [number, number][] = [];
  let end = 0;
  for (const [from, to] of [...busy, [seconds, seconds] as const]) {
    if (from - end > PAUSE_SECONDS) pauses.push([end + LEFT_OF_A_PAUSE, from - LEFT_OF_A_PAUSE]);
    end = Math.max(end, to);
  }
  return pauses;
}

function voicesIn(silences: readonly [number, number][], seconds: number): [number, number][] {
  const begins = [0, ...silences.map(([, until]) => until)];
  return begins.map((from, i) => [from, silences[i]?.[0] ?? seconds]);
}

function entriesOf({ startedAt, seconds }: Recording, entries: readonly Entry[]): Entry[] {
  return entries.filter(({ at }) => at >= startedAt && at <= startedAt + seconds * 1000);
}

function pageMarks(page: PageIndex | null): Mark[] {
  if (!page) return [];
  const marks: Mark[] = page.pages.map(({ at, address }, i) => ({
    // The first one is shown from the beginning, whenever its picture came.
    at: i === 0 ? 0 : at / 1000,
    kind: 'page',
    label: w.recording_mark_page({ address: readableAddress(address) || w.recording_mark_next_page() }),
  }));
  let before = -Infinity;
  for (const { at, by } of page.pointing) {
    const seconds = at / 1000;
    if (seconds - before > SAME_POINTING_SECONDS) {
      const label = by === 'agent' ? w.recording_mark_agent_points() : w.recording_mark_shopper_points();
      marks.push({ at: seconds, kind: 'pointing', label });
    }
    before = seconds;
  }
  return marks;
}

function entryMark(entry: Entry, { startedAt }: Recording, keeper: Keeper | null, you: string): Mark[] {
  const at = (entry.at - startedAt) / 1000;
  if (entry.type === 'note' || entry.type === 'hidden') return [];
  if (entry.type !== 'message') {
    // That it is recorded, and that the page is looked at, is what all of this is about.
    if (/^(recording|cobrowse)-/.test(entry.type)) return [];
    return [{ at, kind: 'step', label: stepSentence(entry, you, keeper) }];
  }
  const text = entry.text.length > LABEL_CHARACTERS ? `${entry.text.slice(0, LABEL_CHARACTERS)}…` : entry.text;
  const { from } = entry;
  const label =
    from.side === 'shopper'
      ? w.recording_mark_shopper_wrote({ text })
      : w.recording_mark_agent_wrote({ name: from.name, text });
  return [{ at, kind: 'message', label }];
}
