import { mkdir, open, readdir, rename, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Ids are ours; that they are plain names is checked once more where a path is made of them. */
const PLAIN = /^[A-Za-z0-9_-]{8,64}$/;
const PARTS = 'parts';

/**
 * Contents of files in a folder outside of what is served: what is still coming in `parts/<id>`, what is complete in
 * `<first two of the id>/<id>`. Nothing of what a stranger says is in a path.
 */
export class ContentFolder {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  part(id: string): string {
    return join(this.#dir, PARTS, plain(id));
  }

  whole(id: string): string {
    return join(this.#dir, plain(id).slice(0, 2), id);
  }

  /** So much of it has come; null where there is no part. */
  async partSize(id: string): Promise<number | null> {
    return await orNull(stat(this.part(id)).then(({ size }) => size));
  }

  /** An empty part. */
  async begin(id: string): Promise<void> {
    await mkdir(join(this.#dir, PARTS), { recursive: true, mode: 0o700 });
    const handle = await open(this.part(id), 'wx', 0o600);
    await handle.close();
  }

  /** The part becomes the whole, for good: its bytes are on the disk before, its name is after. */
  async complete(id: string): Promise<void> {
    const folder = join(this.#dir, id.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(this.part(id), this.whole(id));
    for (const dir of [folder, this.#dir]) await syncFolder(dir);
  }

  /** Null where it is gone. */
  async open(id: string): Promise<FileHandle | null> {
    return await orNull(open(this.whole(id)));
  }

  async remove(id: string): Promise<void> {
    await rm(this.part(id), { force: true });
    await rm(this.whole(id), { force: true });
  }

  /** Removes every content whose id is not in `known`. */
  async removeOthers(known: ReadonlySet<string>): Promise<void> {
    for (const folder of await namesIn(this.#dir)) {
      for (const name of await namesIn(join(this.#dir, folder))) {
        if (!known.has(name)) await rm(join(this.#dir, folder, name), { recursive: true, force: true });
      }
    }
  }

  /** Bytes that are free on its disk. */
  async free(): Promise<number> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#dir);
    return bavail * bsize;
  }
}

function plain(id: string): string {
  if (!PLAIN.test(id)) throw new Error('not a name of ours');
  return id;
}

async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(dir: string): Promise<string[]> {
  return await readdir(dir).catch(() => []);
}
