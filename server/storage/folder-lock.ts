import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createPrivateFile } from './private-file.ts';
import { StorageError } from './storage-error.ts';

const SQLITE_BUSY = 5;

export type FolderLock = { release(): void };

/**
 * Makes this process the only user of a data folder until `release()` or its end, however it ends.
 * The lock is the operating system's, taken on an empty SQLite file: a killed process leaves none behind, and it holds
 * between containers that share a volume, where a process number in a file says nothing. The number is for people.
 * Throws a StorageError `in-use`.
 */
export function lockFolder(dir: string): FolderLock {
  const lockFile = join(dir, 'mostrador.lock');
  const holderFile = join(dir, 'mostrador.pid');

  createPrivateFile(lockFile);
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('begin immediate');
  } catch (error) {
    lock.close();
    const busy = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
    if (!busy) throw error;
    throw new StorageError(
      'in-use',
      `The data folder ${dir} is in use by ${holderOf(holderFile)}. Stop that one first, or use another folder.`,
    );
  }
  writeFileSync(holderFile, `${process.pid} ${new Date().toISOString()}\n`, { mode: 0o600 });

  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function holderOf(file: string): string {
  try {
    const [pid, since] = readFileSync(file, 'utf8').trim().split(' ');
    if (pid && since) return `process ${pid} (since ${since})`;
  } catch {
    // It has the lock and has not written its number yet.
  }
  return 'another process';
}
