/**
 * Why the storage cannot be opened or used any more, with a sentence for the person who runs the server.
 *
 * `in-use`: another process has the data open · `newer`: written by a newer version of Mostrador ·
 * `closed`: used after `close()` · `failed`: the database went away for good · `unreachable`: it does not answer now, and the
 * next call tries again. What was under way when it went may or may not be kept.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly reason: 'in-use' | 'newer' | 'closed' | 'failed' | 'unreachable';

  constructor(reason: StorageError['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
