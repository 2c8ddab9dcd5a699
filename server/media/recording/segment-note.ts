import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Person } from '../../protocol/entry.ts';
import type { MediaSource } from '../../protocol/media.ts';

/** What a file of a recording holds: it stands beside the file, so that it is known after any crash. */
export type SegmentNote = {
  /** Counts the files of a recording from 1. */
  n: number;
  person: Person;
  source: MediaSource;
  kind: 'audio' | 'video';
  mimeType: string;
  /** Name inside the recording's folder. */
  file: string;
  /** When its first packet came, in milliseconds after the recording began. */
  at: number;
};

/** Throws when the disk does not take it. */
export function writeNote(folder: string, note: SegmentNote): void {
  const path = join(folder, `${note.n}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(note), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The notes of a folder in their order; what cannot be read is left out. */
export function readNotes(folder: string): SegmentNote[] {
  const names = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  return names.flatMap((name) => readNote(join(folder, name)) ?? []).toSorted((a, b) => a.at - b.at || a.n - b.n);
}

/** The number of the next file: after a restart the recording goes on in the same folder. */
export function nextNumber(folder: string): number {
  const numbers = readdirSync(folder).map((name) => Number(/^(\d+)\./.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers) + 1;
}

function readNote(path: string): SegmentNote | null {
  try {
    const note: SegmentNote = JSON.parse(readFileSync(path, 'utf8'));
    return note;
  } catch {
    return null;
  }
}
