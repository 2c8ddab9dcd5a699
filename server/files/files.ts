import type { FileRefused, FileView, UploadProgress } from '../protocol/file.ts';
import type { UploadSetting } from '../protocol/settings.ts';
import type { FileRecord } from '../storage/storage.ts';

/** Whose upload it is: nobody else goes on with it, takes it back, or sends it. */
export type Uploader = { shop: string } & ({ side: 'shopper'; shopper: string } | { side: 'agent'; agent: string });

/** Where it is to be sent. A shopper's goes into whatever conversation is open then, and may be that one's first message. */
export type Destination = { shopper: string; conversation: string | null };

/** As the uploader's browser describes it; nothing of it is believed. */
export type Announced = { name: string; type: string; bytes: number };

export type Begun = { id: string } | FileRefused;
/** `expected`: what is kept ends somewhere else than where the sender would go on. */
export type Appended = UploadProgress | FileRefused | { expected: number };

/**
 * Files of conversations: uploads that can go on after a cut connection, their content, how they are erased. What is
 * durable of them beside the content is in the storage.
 */
export interface Files {
  begin(by: Uploader, to: Destination, announced: Announced, setting: UploadSetting): Promise<Begun>;
  /** Null: there is no such upload of theirs (any more). */
  progress(by: Uploader, id: string): Promise<UploadProgress | null>;
  /**
   * Keeps what `body` brings from `offset` on. When the connection is cut, what came until then is kept; whoever comes
   * back with the same upload takes over from a connection that only seems to be open. With the last byte the content is
   * looked at, and the file may be sent or is refused for good. What it does not take of `body` stays in it.
   */
  append(by: Uploader, id: string, offset: number, body: ReadableStream<Uint8Array> | null): Promise<Appended>;
  /** Takes back what is not sent. False: there is no such upload of theirs. */
  cancel(by: Uploader, id: string): Promise<boolean>;

  /** For the message `message` and no other; null where it cannot be sent (any more). */
  take(by: Uploader, id: string, to: { conversation: string | null; message: string }): Promise<FileView | null>;
  /** The message was refused: the file may go with another one. */
  giveBack(id: string): void;

  /** A complete file that was not deleted. */
  find(id: string): Promise<FileRecord | null>;
  /** Its content; null where it is gone. */
  read(id: string): Promise<ReadableStream<Uint8Array> | null>;
  /** Deletes the content; that there was such a file stays known. */
  erase(id: string): Promise<void>;
  /** Nothing of the conversation's files is left, neither content nor record. */
  eraseOf(conversation: string): Promise<void>;
  /** Nothing of the shopper's files is left, sent or not. */
  eraseShopper(shop: string, shopper: string): Promise<void>;
  /** Cuts off what is being written; it can go on after the next start. */
  close(): Promise<void>;
}
