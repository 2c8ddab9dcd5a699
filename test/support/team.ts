import { randomUUID } from 'node:crypto';
import { hashPassword } from '../../server/http/password.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Agent } from '../../server/storage/storage.ts';
import type { TestServer } from './server.ts';

export type Credentials = { email: string; password: string };
export type Member = {
  name: string;
  role?: Agent['role'];
  topics?: string[];
  capacity?: number;
  /** The key of another shop than the demo one; it is made. */ shop?: string;
};

const PASSWORD = 'a team of the tests';

/** Colleagues for a server that has been started once: it is stopped, they are written into its data, it starts again. */
export async function withTeam(
  server: TestServer,
  team: readonly Member[],
): Promise<{ server: TestServer; as: Record<string, Credentials> }> {
  await server.stop();
  const passwordHash = await hashPassword(PASSWORD);
  const storage = await openSqlite({ dir: server.dataDir });
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
  await storage.close();
  const { email, password } = server;
  return { server: { ...(await server.restart()), email, password }, as };
}
