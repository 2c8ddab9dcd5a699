import { closeSync, openSync } from 'node:fs';

/**
 * Makes an empty file that only its owner reads and writes, unless there is one already.
 * One that is there is not opened: closing it would drop the locks that this process holds on it (POSIX `fcntl`).
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!exists) throw error;
  }
}
