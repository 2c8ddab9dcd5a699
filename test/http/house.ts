import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { sessionId } from '../../server/http/agent-auth.ts';
import { hashPassword } from '../../server/http/password.ts';
import { openSqlite } from '../../server/storage/sqlite.ts';
import type { Agent, Storage } from '../../server/storage/storage.ts';
import { aShop } from '../storage/samples.ts';

export const PASSWORD = 'a team of the tests';
export const ORIGIN = 'http://service.example';

/** A shop with a real database in a folder of its own. */
export type House = {
  storage: Storage;
  shop: string;
  /** A member of the team, signed in: the cookie's value is the id. */
  join(id: string, role: Agent['role']): Promise<void>;
  close(): Promise<void>;
};

export async function openHouse(): Promise<House> {
  const dir = await mkdtemp(join(tmpdir(), 'mostrador-http-'));
  const storage = await openSqlite({ dir });
  const { id: shop } = aShop();
  await storage.saveShop({ ...aShop(), id: shop });
  const passwordHash = await hashPassword(PASSWORD);
  return {
    storage,
    shop,
    async join(id, role) {
      const asked = { topics: null, capacity: null, active: true };
      await storage.saveAgent({ id, shop, email: `${id}@shop.example`, name: id, role, passwordHash, ...asked });
      await storage.saveAgentSession({ id: sessionId(id), agent: id, expiresAt: Date.now() + 3_600_000 });
    },
    async close() {
      await storage.close();
      await rm(dir, { recursive: true });
    },
  };
}

/** Serves routes on a free port of this machine. */
export async function serve(app: Hono): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void getRequestListener(app.fetch)(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
