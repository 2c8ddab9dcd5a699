/** What the service answered; null: it could not be reached. */
export type Answer = { status: number; body: unknown };

export async function ask(method: string, path: string, body?: unknown): Promise<Answer | null> {
  try {
    const response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  } catch {
    return null;
  }
}

export function reasonIn(answer: Answer | null): string {
  const { reason } = (answer?.body ?? {}) as { reason?: string };
  return answer ? (reason ?? 'failed') : 'unreachable';
}
