import type { RecordedTrack } from '../media/media.ts';
import type { RecordedPointing } from '../protocol/recorded-page.ts';
import type { RecordedParts, RecordingAvailability } from '../protocol/views.ts';
import type { RecordingRecord } from '../storage/storage.ts';

export type NewRecording = Pick<RecordingRecord, 'id' | 'conversation' | 'shop' | 'shopper' | 'startedAt'> & {
  of: RecordedParts;
};

/**
 * What a finished recording consists of. Files are named by where they are served, never by where they lie. `of`: what there
 * is to play, the call's sound and pictures, the page.
 */
export type RecordingContents = {
  seconds: number;
  bytes: number;
  tracks: readonly RecordedTrack[];
  /** Where nobody is heard in the call: from, until, in seconds. */
  silences: readonly [number, number][];
  of: RecordedParts;
};

/** A file of a recording, for whoever may see it. */
export type RecordedFile = { path: string; bytes: number; mimeType: string; name: string };

/**
 * `sound`: all voices · `whole`: everything of the call in one file · a number: that track's picture · `page`: the page, see
 * protocol/recorded-page.ts · `page-index`: its `PageIndex`, as JSON.
 */
export type FileOf = 'sound' | 'whole' | 'page' | 'page-index' | number;

/** The page of a recording, while it is written. */
export interface PageRecording {
  /** A frame as consoles are sent it. `part`: a page of this epoch begins with it, whole. Returns at once. */
  frame(frame: Uint8Array, part: number | null): void;
  points(pointing: RecordedPointing): void;
  /** What comes from here on is not written; resolves when what came before is. Twice is fine. */
  stop(): Promise<void>;
}

/** Everything that was recorded with both sides' yes: its folders, its records, how long it is kept. */
export interface Recordings {
  availability(): RecordingAvailability;
  /** The folder to write calls into; the same one again when a recording goes on after a restart. Rejects when it cannot. */
  begin(recording: NewRecording): Promise<string>;
  /** The page of one that has begun; behind what is there already. `ended`: it has ended by itself, and why. */
  writePage(recording: NewRecording, ended: (outcome: 'full' | 'failed', error: Error) => void): PageRecording;
  /** Nothing is written any more: it is put together, in the background. `at` in milliseconds since the epoch. */
  end(id: string, at: number): Promise<void>;
  find(id: string): Promise<{ record: RecordingRecord; contents: RecordingContents | null } | null>;
  file(id: string, of: FileOf): Promise<RecordedFile | null>;
  /** Deletes its files and its record; one that is being written is deleted when it ends. */
  erase(id: string): Promise<void>;
  eraseConversation(conversation: string): Promise<void>;
  eraseShopper(shop: string, shopper: string): Promise<void>;
  /** Stops what is being put together; it is taken up at the next start. */
  close(): Promise<void>;
}
