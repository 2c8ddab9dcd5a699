import { randomUUID } from 'node:crypto';
import { readConfig } from '../../server/config.ts';
import { prepareInstallation } from '../../server/first-run.ts';
import { hashPassword } from '../../server/http/password.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Agent, Storage } from '../../server/storage/storage.ts';
import { newDataDir, startServer, type TestServer } from './server.ts';

export type Credentials = { email: string; password: string };
export type Member = {
  name: string;
  role?: Agent['role'];
  topics?: string[];
  capacity?: number;
  /** The key of another shop than the demo one; it is made. */ shop?: string;
};

const PASSWORD = 'a team of the tests';

/** A server that has these colleagues when it starts: what its first start makes, and they, are written into its data before. */
export async function startWithTeam(
  team: readonly Member[],
  env: Record<string, string> = {},
): Promise<{ server: TestServer; as: Record<string, Credentials> }> {
  const dataDir = newDataDir();
  const storage = await openSqlite({ dir: dataDir });
  const { shop } = readConfig({ ...env, DATA_DIR: dataDir });
  const first = { serviceOrigin: 'http://127.0.0.1', shop, enrolment: null, now: Date.now() };
  const { enrolled } = await prepareInstallation(storage, first);
  if (!enrolled) throw new Error('There is no admin.');
  const as = await enrol(storage, team);
  await storage.close();
  return { server: await startServer(env, { dataDir, password: enrolled.password }), as };
}

async function enrol(storage: Storage, team: readonly Member[]): Promise<Record<string, Credentials>> {
  const passwordHash = await hashPassword(PASSWORD);
  const as: Record<string, Credentials> = {};
  for (const { name, role = 'agent', shop: key = 'demo', topics = null, capacity = null } of team) {
    const known = await storage.shopByKey(key);
    const shop = known?.id ?? randomUUID();
    if (!known) await storage.saveShop({ id: shop, key, name: key, accent: '#336699', greeting: null, origins: [] });
    const email = `${name.toLowerCase()}@${key}.example`;
    const asked = { topics, capacity, active: true };
    await storage.saveAgent({ id: randomUUID(), shop, email, name, role, passwordHash, ...asked });
    as[name] = { email, password: PASSWORD };
  }
  return as;
}
