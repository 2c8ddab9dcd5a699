/** Whether a page of another origin is the same shop's: the service says so to pages of that shop alone. `service`: its origin. */
export async function isTogether(service: string, key: string, origin: string): Promise<boolean> {
  const asked = `${service}/api/shops/${encodeURIComponent(key)}/together?with=${encodeURIComponent(origin)}`;
  const response = await fetch(asked, { credentials: 'omit' });
  if (!response.ok) return false;
  const { allowed } = (await response.json()) as { allowed?: unknown };
  return allowed === true;
}
