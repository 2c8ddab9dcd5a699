import type { RecordedTrack } from '../media/media.ts';
import type { RecordingAvailability } from '../protocol/views.ts';
import type { RecordingRecord } from '../storage/storage.ts';

export type NewRecording = Pick<RecordingRecord, 'id' | 'conversation' | 'shop' | 'shopper' | 'startedAt'>;

/** What a finished recording consists of. Files are named by where they are served, never by where they lie. */
export type RecordingContents = { seconds: number; bytes: number; tracks: readonly RecordedTrack[] };

/** A file of a recording, for whoever may see it. */
export type RecordedFile = { path: string; bytes: number; mimeType: string; name: string };

/** `sound`: all voices · `whole`: everything in one file · a number: that track's picture. */
export type FileOf = 'sound' | 'whole' | number;

/** Everything that was recorded with both sides' yes: its folders, its records, how long it is kept. */
export interface Recordings {
  availability(): RecordingAvailability;
  /** The folder to write into; the same one again when a recording goes on after a restart. Rejects when it cannot. */
  begin(recording: NewRecording): Promise<string>;
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
