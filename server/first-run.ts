import { randomBytes, randomUUID } from 'node:crypto';
import { isLoopback, type Config } from './config.ts';
import { addDemoArticles } from './demo-articles.ts';
import { hashPassword, newPassword } from './http/password.ts';
import { teamMember } from './http/team.ts';
import type { Agent, Storage } from './storage/storage.ts';

export const DEMO_SHOP_KEY = 'demo';
export const ADMIN_EMAIL = 'admin@localhost';

/** An agent who gets a (new) password at this start: a new colleague, or one whose password was lost. */
export type Enrolment = { email: string; name: string | null; role?: Agent['role'] };

/** What a new installation needs before it can open: a demo shop, an admin, a secret. Later starts find them. */
export type Installation = {
  tokenSecret: string;
  /** Set only when it was made just now: the one time it can be shown. */
  enrolled: { email: string; password: string } | null;
};

/** `enrolment` null: the admin, on the first start; nobody, on later ones. */
export async function prepareInstallation(
  storage: Storage,
  options: { serviceOrigin: string; shop: Config['shop']; enrolment: Enrolment | null; now: number },
): Promise<Installation> {
  const tokenSecret = await storage.settle('shopper-token-secret', randomBytes(32).toString('base64url'));
  const shop = await prepareShop(storage, options);
  const firstStart = (await storage.agentByEmail(ADMIN_EMAIL)) === null;
  // A shop that goes live at once says nothing that it has not written itself.
  if (firstStart && options.shop.origins === null) await addDemoArticles(storage, shop, options.now);
  const enrolment = options.enrolment ?? (firstStart ? { email: ADMIN_EMAIL, name: null } : null);
  const enrolled = enrolment && (await enrol(storage, shop, enrolment, options));
  return { tokenSecret, enrolled };
}

/** The shop's id. */
async function prepareShop(
  storage: Storage,
  { serviceOrigin, shop: wanted }: { serviceOrigin: string; shop: Config['shop'] },
): Promise<string> {
  const shop = await storage.shopByKey(DEMO_SHOP_KEY);
  const id = shop?.id ?? randomUUID();
  const kept = shop?.origins.filter((origin) => !isLoopback(origin)) ?? [];
  await storage.saveShop({
    id,
    key: DEMO_SHOP_KEY,
    name: wanted.name ?? shop?.name ?? 'Casa Lumbre',
    accent: wanted.accent ?? shop?.accent ?? '#b4532a',
    greeting: shop?.greeting ?? null,
    // The service's own address may have changed since the last start; other origins stay.
    origins: [...new Set([serviceOrigin, ...(wanted.origins ?? kept)])],
  });
  return id;
}

/** A new password ends every sign-in that the old one began. */
async function enrol(
  storage: Storage,
  shop: string,
  { email, name, role }: Enrolment,
  { enrolment: asked, now }: { enrolment: Enrolment | null; now: number },
): Promise<{ email: string; password: string }> {
  const known = await storage.agentByEmail(email);
  const password = newPassword();
  const agent: Agent = {
    id: known?.id ?? randomUUID(),
    shop: known?.shop ?? shop,
    email: known?.email ?? email,
    name: name ?? known?.name ?? (email === ADMIN_EMAIL ? 'Ana' : (email.split('@')[0] ?? email)),
    role: role ?? known?.role ?? (email === ADMIN_EMAIL ? 'admin' : 'agent'),
    passwordHash: await hashPassword(password),
    topics: known?.topics ?? null,
    capacity: known?.capacity ?? null,
    active: true,
  };
  await storage.saveAgent(agent);
  await storage.deleteAgentSessions(agent.id, now);
  if (asked) {
    // Whoever may start the service may do this; that it was done is seen all the same.
    const by = { id: '', name: 'npm start -- --agent' };
    const change = { action: known ? 'team.new-password' : 'team.added', subject: agent.id };
    const shown = { before: known && teamMember(known), after: teamMember(agent) };
    await storage.appendAudit({ id: randomUUID(), shop: agent.shop, at: now, by, ...change, ...shown });
  }
  return { email: agent.email, password };
}
