import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';

const BEAT_MS = 2000;
const DEAD_AFTER_MS = 30_000;
// One write of a fixed size, so that a reader never sees half of a note.
const NOTE_BYTES = 512;

/** How far the owner of the lock is. */
export type BuildNote = { step: string; done?: number; total?: number };
export type LockHolder = BuildNote & { id: string; pid: number; host: string };

/**
 * A lock file that says who builds and how far they are. It only saves work: a build lands by an atomic rename, so two
 * builds at once, possible when an owner was taken for dead, harm nothing.
 */
export class BuildLock {
  readonly #path: string;
  readonly #file: number;
  readonly #holder: LockHolder;
  readonly #beat: NodeJS.Timeout;
  #released = false;

  private constructor(path: string, file: number) {
    this.#path = path;
    this.#file = file;
    this.#holder = { id: randomUUID(), pid: process.pid, host: hostname(), step: '' };
    this.#write();
    // Others tell a living owner by the age of the file, which holds across containers and after a reused process id.
    this.#beat = setInterval(() => this.#write(), BEAT_MS).unref();
  }

  /** Takes the lock, also from an owner who is dead; undefined while somebody else builds. */
  static take(path: string): BuildLock | undefined {
    const other = look(path);
    if (other.state === 'held') return undefined;
    if (other.state === 'dead' && !removeDead(path, other.id)) return undefined;
    try {
      return new BuildLock(path, openSync(path, 'wx'));
    } catch (error) {
      if (isCode(error, 'EEXIST')) return undefined;
      throw error;
    }
  }

  /** What the living owner says about its work; undefined when nobody builds or nothing can be read yet. */
  static holder(path: string): LockHolder | undefined {
    const other = look(path);
    return other.state === 'held' ? other.holder : undefined;
  }

  note({ step, done, total }: BuildNote): void {
    Object.assign(this.#holder, { step: step.slice(0, 200), done, total });
    this.#write();
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    clearInterval(this.#beat);
    closeSync(this.#file);
    if (read(this.#path)?.id === this.#holder.id) rmSync(this.#path, { force: true });
  }

  #write(): void {
    if (this.#released) return;
    try {
      writeSync(this.#file, JSON.stringify(this.#holder).padEnd(NOTE_BYTES), 0);
    } catch {
      // A full disk ends the build by itself; a lock that falls silent at worst lets another one begin.
    }
  }
}

type Look = { state: 'free' } | { state: 'held'; holder?: LockHolder } | { state: 'dead'; id: string | undefined };

function look(path: string): Look {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return { state: 'free' };
  const holder = read(path);
  const silent = Date.now() - info.mtimeMs > DEAD_AFTER_MS;
  const gone = holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
  if (silent || gone) return { state: 'dead', id: holder?.id };
  return holder ? { state: 'held', holder } : { state: 'held' };
}

/** Moves the file away first, so that of two who see a dead owner one removes it; a living lock caught by that goes back. */
function removeDead(path: string, id: string | undefined): boolean {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
  if (read(aside)?.id !== id) {
    renameSync(aside, path);
    return false;
  }
  rmSync(aside, { force: true });
  return true;
}

function read(path: string): LockHolder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isHolder(value) ? value : undefined;
  } catch {
    // Not there any more, or not written yet.
    return undefined;
  }
}

function isHolder(value: unknown): value is LockHolder {
  if (typeof value !== 'object' || value === null) return false;
  if (!('id' in value && 'pid' in value && 'host' in value && 'step' in value)) return false;
  return typeof value.id === 'string' && typeof value.pid === 'number' && typeof value.step === 'string';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
