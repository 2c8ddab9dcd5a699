import type { AgentView } from '../../server/protocol/views.ts';

/** Signing in failed: `retryAfter` in seconds. */
export type SignInRefusal =
  { reason: 'wrong-password' | 'not-reachable' | 'failed' } | { reason: 'too-many-attempts'; retryAfter: number };

async function ask(path: string, body?: unknown): Promise<Response | null> {
  const init: RequestInit =
    body === undefined
      ? { method: 'GET' }
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    return await fetch(`/api/agent/${path}`, { ...init, credentials: 'same-origin' });
  } catch {
    return null;
  }
}

/** Who is signed in in this browser; null when nobody is; `not-reachable` when the server does not answer. */
export async function whoAmI(): Promise<AgentView | null | 'not-reachable'> {
  const response = await ask('me');
  if (!response || response.status >= 500) return 'not-reachable';
  if (!response.ok) return null;
  return ((await response.json()) as { you: AgentView }).you;
}

export async function signIn(email: string, password: string): Promise<{ you: AgentView } | SignInRefusal> {
  const response = await ask('sign-in', { email, password });
  if (!response) return { reason: 'not-reachable' };
  if (response.ok) return (await response.json()) as { you: AgentView };
  if (response.status === 401) return { reason: 'wrong-password' };
  if (response.status !== 429) return { reason: 'failed' };
  const { retryAfter } = (await response.json()) as { retryAfter?: number };
  return { reason: 'too-many-attempts', retryAfter: retryAfter ?? 60 };
}

export async function signOut(): Promise<void> {
  await ask('sign-out', {});
}
