import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { storageContract } from './contract.ts';
import { openers } from './openers.ts';
import { aShop } from './samples.ts';

storageContract('sqlite', openers.sqlite);

describe('promise 7: a SQLite data folder', () => {
  let parent: string;
  let dir: string;
  const opened: Storage[] = [];
  const open = async () => {
    const storage = await openSqlite({ dir });
    opened.push(storage);
    return storage;
  };
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'mostrador-sqlite-'));
    dir = join(parent, 'deep', 'data');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((storage) => storage.close()));
    await rm(parent, { recursive: true });
  });

  test('is made when missing, and only its owner can look inside', async () => {
    const storage = await open();
    await storage.saveShop(aShop());
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    const files = await readdir(dir);
    expect(files).toEqual(expect.arrayContaining(['mostrador.sqlite', 'mostrador.sqlite-wal']));
    for (const file of files) expect([file, (await stat(join(dir, file))).mode & 0o777]).toEqual([file, 0o600]);
  });

  test('has everything in one file after close', async () => {
    const storage = await open();
    await storage.saveShop(aShop());
    await storage.close();
    expect((await readdir(dir)).toSorted()).toEqual(['mostrador.lock', 'mostrador.sqlite']);
  });

  test('is refused while another process has it, with that process’s number, and is free once it was killed', async () => {
    const first = await open();
    const shop = aShop();
    await first.saveShop(shop);
    await first.close();

    const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
    const writer = spawn(process.execPath, [script, 'sqlite', dir, shop.id, '1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(writer, 'close');
    try {
      await once(writer.stdout, 'data');
      const refusal = { reason: 'in-use', message: expect.stringContaining(`in use by process ${writer.pid} `) };
      await expect(openSqlite({ dir })).rejects.toMatchObject(refusal);
    } finally {
      writer.stdout.resume();
      writer.kill('SIGKILL');
      await ended;
    }
    const second = await open();
    expect(await second.shops()).toEqual([shop]);
  });

  test('goes to one of two that want it at the same moment', async () => {
    const outcomes = await Promise.allSettled([open(), open()]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('written by a newer version is refused and left as it is', async () => {
    const storage = await open();
    await storage.close();
    const later = new DatabaseSync(join(dir, 'mostrador.sqlite'));
    later.exec(`insert into migrations (version, name) values (99, 'from the future')`);
    later.close();

    const refusal = { reason: 'newer', message: expect.stringContaining('newer version of Mostrador (schema 99') };
    await expect(openSqlite({ dir })).rejects.toMatchObject(refusal);
    // Refused for the same reason again, not for a lock that the first refusal left behind.
    await expect(openSqlite({ dir })).rejects.toMatchObject(refusal);
  });

  test('that holds no database is refused, and free again afterwards', async () => {
    const storage = await open();
    await storage.close();
    await writeFile(join(dir, 'mostrador.sqlite'), 'not a database, but long enough to look at'.repeat(200));
    await expect(openSqlite({ dir })).rejects.toMatchObject({
      reason: 'failed',
      message: expect.stringContaining('not a database'),
    });
    await rm(join(dir, 'mostrador.sqlite'));
    await open();
  });

  test('that cannot be made is refused with the reason of the system', async () => {
    await writeFile(join(parent, 'deep'), 'a file where a folder should be');
    await expect(openSqlite({ dir })).rejects.toThrow('ENOTDIR');
  });
});
