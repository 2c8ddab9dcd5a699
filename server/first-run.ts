import { randomBytes, randomUUID } from 'node:crypto';
import { isLoopback, type Config } from './config.ts';
import { hashPassword, newPassword } from './http/password.ts';
import type { Agent, Storage } from './storage/storage.ts';

export const DEMO_SHOP_KEY = 'demo';
export const ADMIN_EMAIL = 'admin@localhost';

/** What a new installation needs before it can open: a demo shop, an admin, a secret. Later starts find them. */
export type Installation = {
  tokenSecret: string;
  /** Set only when it was made just now: the one time it can be shown. */
  password: string | null;
};

/** `newAdminPassword`: replace the admin's password (it was lost). */
export async function prepareInstallation(
  storage: Storage,
  options: { serviceOrigin: string; shop: Config['shop']; newAdminPassword: boolean },
): Promise<Installation> {
  const tokenSecret = await storage.settle('shopper-token-secret', randomBytes(32).toString('base64url'));
  const shop = await storage.shopByKey(DEMO_SHOP_KEY);
  const id = shop?.id ?? randomUUID();
  const kept = shop?.origins.filter((origin) => !isLoopback(origin)) ?? [];
  await storage.saveShop({
    id,
    key: DEMO_SHOP_KEY,
    name: options.shop.name ?? shop?.name ?? 'Casa Lumbre',
    accent: options.shop.accent ?? shop?.accent ?? '#b4532a',
    greeting: shop?.greeting ?? null,
    // The service's own address may have changed since the last start; other origins stay.
    origins: [...new Set([options.serviceOrigin, ...(options.shop.origins ?? kept)])],
  });
  const admin = await storage.agentByEmail(ADMIN_EMAIL);
  if (admin && !options.newAdminPassword) return { tokenSecret, password: null };
  const password = newPassword();
  const agent: Agent = admin ?? {
    id: randomUUID(),
    shop: id,
    email: ADMIN_EMAIL,
    name: 'Ana',
    role: 'admin',
    passwordHash: '',
  };
  await storage.saveAgent({ ...agent, passwordHash: await hashPassword(password) });
  return { tokenSecret, password };
}
