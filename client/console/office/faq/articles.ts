import type { FaqDraft, FaqLocale } from '../../../../server/protocol/faq.ts';
import type { Settings } from '../../../../server/protocol/settings.ts';

export type Text = { title: string; body: string; published: boolean; helped: number; notHelped: number };

/** An article as the service keeps it. */
export type Article = {
  id: string;
  topic: string | null;
  changedAt: number;
  texts: Partial<Record<FaqLocale, Text>>;
};

/** `unreachable`: the network, or a service that failed. */
export type NotSaved = 'changed-meanwhile' | 'too-many' | 'too-large' | 'unknown' | 'bad-frame' | 'unreachable';

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown } | null> {
  try {
    const response = await fetch(`/api/faq${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  } catch {
    return null;
  }
}

const REASONS: readonly NotSaved[] = ['changed-meanwhile', 'too-many', 'too-large', 'unknown', 'bad-frame'];

function refusalIn(answer: Awaited<ReturnType<typeof ask>>): NotSaved {
  const { reason } = (answer?.body ?? {}) as { reason?: string };
  return REASONS.find((known) => known === reason) ?? 'unreachable';
}

/** Null where they cannot be had now. */
export async function readArticles(): Promise<Article[] | null> {
  const answer = await ask('GET', '');
  return answer?.status === 200 ? (answer.body as { articles: Article[] }).articles : null;
}

/** `id` null: a new one. `over`: when what its author saw was changed last. */
export async function saveArticle(id: string | null, article: FaqDraft, over: number): Promise<Article | NotSaved> {
  const answer = await ask(id ? 'PUT' : 'POST', id ? `/${id}` : '', { over, article });
  return answer && answer.status < 300 ? (answer.body as { article: Article }).article : refusalIn(answer);
}

/** Null: it is gone. */
export async function deleteArticle(id: string): Promise<NotSaved | null> {
  const answer = await ask('DELETE', `/${id}`);
  return answer?.status === 204 || answer?.status === 404 ? null : refusalIn(answer);
}

export async function orderArticles(ids: readonly string[]): Promise<Article[] | NotSaved> {
  const answer = await ask('PUT', '/order', { ids });
  return answer?.status === 200 ? (answer.body as { articles: Article[] }).articles : refusalIn(answer);
}

/** The shop's topics, to choose one of; none where they cannot be had. */
export async function readTopics(): Promise<Settings['topics']> {
  try {
    const response = await fetch('/api/settings');
    return response.ok ? ((await response.json()) as { values: Settings }).values.topics : [];
  } catch {
    return [];
  }
}
