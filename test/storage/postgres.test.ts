import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../server/storage/postgres.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { Client } from 'pg';
import { startServer } from '../support/server.ts';
import { databaseOn, startPostgres, type PostgresServer } from '../support/postgres.ts';
import { storageContract } from './contract.ts';
import { openers, usePostgres } from './openers.ts';
import { aConversation, aMessage, aShop, upTo } from './samples.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
  usePostgres(server.url);
});
afterAll(async () => await server.remove());

storageContract('postgres', openers.postgres);

describe('promise 7: a PostgreSQL database', () => {
  const opened: Storage[] = [];
  let count = 0;
  const newDatabase = async (): Promise<string> => await databaseOn(server.url, `own_${count++}`);
  const open = async (url: string): Promise<Storage> => {
    const storage = await openPostgres({ url });
    opened.push(storage);
    return storage;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((storage) => storage.close()));
  });

  test('is refused while another process has it, and free once that has closed', async () => {
    const url = await newDatabase();
    const first = await open(url);
    await expect(openPostgres({ url })).rejects.toMatchObject({
      reason: 'in-use',
      message: expect.stringMatching(/in use by one that came from 127\.0\.0\.1 at 20/),
    });
    await first.close();
    await open(url);
  });

  test('written by a newer version is refused and left as it is', async () => {
    const url = await newDatabase();
    await (await open(url)).close();
    const later = new Client({ connectionString: url });
    await later.connect();
    await later.query(`insert into migrations (version, name) values (99, 'from the future')`);
    await later.end();
    const refusal = { reason: 'newer', message: expect.stringContaining('newer version of Mostrador (schema 99') };
    await expect(openPostgres({ url })).rejects.toMatchObject(refusal);
    // For the same reason again, not for a lock that the first refusal left behind.
    await expect(openPostgres({ url })).rejects.toMatchObject(refusal);
  });

  test('that is not there is refused with the reason', async () => {
    const address = new URL(server.url);
    address.pathname = '/nowhere';
    await expect(openPostgres({ url: address.href })).rejects.toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('"nowhere" does not exist'),
    });
  });

  test('whose server goes away says so, and takes what comes once it is back', async () => {
    const storage = await open(await newDatabase());
    const shop = aShop();
    await storage.saveShop(shop);
    const record = aConversation(shop.id);
    await storage.append(upTo(record, 1), [aMessage(1)]);
    await server.stop();
    try {
      await expect(storage.append(upTo(record, 2), [aMessage(2)])).rejects.toMatchObject({ reason: 'unreachable' });
      await expect(storage.shops()).rejects.toMatchObject({ reason: 'unreachable' });
    } finally {
      await server.start();
    }
    await storage.append(upTo(record, 2), [aMessage(2)]);
    expect((await storage.entriesAfter(record.id, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2]);
    // The lock came back with the connection.
    const rows = await locks(server.url);
    expect(rows).toBe(1);
  });

  test('holds a text that PostgreSQL itself could not hold', async () => {
    const storage = await open(await newDatabase());
    const shop = aShop();
    await storage.saveShop(shop);
    const record = aConversation(shop.id);
    const odd = aMessage(1, { text: 'nothing \u0000 and half an emoji \ud83d' });
    await storage.append(upTo(record, 1), [odd]);
    expect(await storage.entriesAfter(record.id, 0, 1)).toEqual([odd]);
  });
});

describe('promise 7: the service by DATABASE_URL', () => {
  test('opens, keeps its data over a restart, and leaves no SQLite behind', async () => {
    const url = await databaseOn(server.url, 'whole_service');
    const service = await startServer({ DATABASE_URL: url });
    try {
      const signIn = async (origin: string): Promise<number> => {
        const { status } = await fetch(`${origin}/api/agent/sign-in`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin },
          body: JSON.stringify({ email: service.email, password: service.password }),
        });
        return status;
      };
      expect(await signIn(service.origin)).toBeLessThan(300);
      await service.kill();
      const again = await service.restart();
      expect(await signIn(again.origin)).toBeLessThan(300);
      expect(await again.stop()).toBe(0);
      expect(existsSync(join(service.dataDir, 'mostrador.sqlite'))).toBe(false);
    } finally {
      await service.remove();
    }
  });

  test('that cannot be used is said without its password', async () => {
    const failed = startServer({ DATABASE_URL: 'mysql://user:secret@127.0.0.1/shop' });
    await expect(failed).rejects.toThrow(/DATABASE_URL=…: must begin with postgres/);
    await expect(failed).rejects.not.toThrow(/secret/);
  });
});

async function locks(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(`select 1 from pg_locks where locktype = 'advisory'`);
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
