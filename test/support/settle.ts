import type { SettingName, Settings } from '../../server/protocol/settings.ts';
import type { TestServer } from './server.ts';

/** Settles a section of the demo shop, as an admin does. */
export async function settle<Name extends SettingName>(
  { origin }: Pick<TestServer, 'origin'>,
  cookie: string,
  section: Name,
  value: Settings[Name],
): Promise<void> {
  const headers = { 'Content-Type': 'application/json', Origin: origin, cookie };
  const known = await fetch(`${origin}/api/settings`, { headers });
  const { versions } = (await known.json()) as { versions: Record<string, number> };
  const body = JSON.stringify({ value, version: versions[section] ?? 0 });
  const saved = await fetch(`${origin}/api/settings/${section}`, { method: 'PUT', headers, body });
  if (!saved.ok) throw new Error(`${section}: ${saved.status} ${await saved.text()}`);
}
