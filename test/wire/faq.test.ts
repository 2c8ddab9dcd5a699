import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublicFaq } from '../../server/protocol/faq.ts';
import type { FaqArticle } from '../../server/storage/storage.ts';
import type { TestServer } from '../support/server.ts';
import { startWithTeam } from '../support/team.ts';
import { shopperWire, signIn } from '../support/wire.ts';

let server: TestServer;
let admin: string;
let luis: string;
let stranger: string;
beforeAll(async () => {
  const team = [{ name: 'Luis' }, { name: 'Eve', role: 'admin' as const, shop: 'elsewhere' }];
  const started = await startWithTeam(team);
  server = started.server;
  const as = async (name: string): Promise<string> =>
    await signIn(server, started.as[name]?.email, started.as[name]?.password);
  [admin, luis, stranger] = [await signIn(server), await as('Luis'), await as('Eve')];
});
afterAll(async () => await server.remove());

type Body = { articles: FaqArticle[]; article: FaqArticle; reason: string; counted: boolean };

async function ask(
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
  origin = server.origin,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(server.origin + path, {
    method,
    headers: { 'Content-Type': 'application/json', Origin: origin, cookie },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

const text = (title: string, published = true) => ({ title, body: `About: ${title}`, published });

async function add(cookie: string, texts: Record<string, unknown>, topic: string | null = null): Promise<FaqArticle> {
  const { status, body } = await ask(cookie, 'POST', '/api/faq', { over: 0, article: { topic, texts } });
  expect(status).toBe(201);
  return body.article;
}

async function read(locale: string, key = 'demo', headers: Record<string, string> = {}): Promise<Response> {
  return await fetch(`${server.origin}/api/shops/${key}/faq?locale=${locale}`, {
    headers: { Origin: server.origin, ...headers },
  });
}

const publicFaq = async (locale: string): Promise<PublicFaq> => await (await read(locale)).json();

describe('promise 24: what is often asked', () => {
  it('a new installation has some in both languages, and every shopper is told that there are', async () => {
    const [en, es] = [await publicFaq('en'), await publicFaq('es')];
    expect(en.articles.length).toBeGreaterThanOrEqual(4);
    expect(es.articles.map(({ id }) => id)).toEqual(en.articles.map(({ id }) => id));
    expect(es.articles.every(({ locale }) => locale === 'es')).toBe(true);
    expect((await shopperWire(server)).welcome.help).toEqual({ articles: true, rating: true });
  });

  it('shoppers read what is published, in the other language where theirs is missing, with the pages of its topic', async () => {
    const topic = { id: 'kitchen', name: { en: 'Kitchen' }, hours: null, paths: ['/kitchen'] };
    await ask(admin, 'PUT', '/api/settings/topics', { version: 0, value: [topic] });
    const english = await add(admin, { en: text('Only English') }, 'kitchen');
    const hidden = await add(admin, { en: text('SECRET draft', false) });
    const half = await add(admin, { en: text('Half done'), es: text('SECRET a medias', false) });
    const es = await publicFaq('es');
    expect(es.articles.find(({ id }) => id === english.id)).toEqual({
      id: english.id,
      topic: 'kitchen',
      locale: 'en',
      title: 'Only English',
      body: 'About: Only English',
    });
    expect(es.topics).toEqual([{ id: 'kitchen', paths: ['/kitchen'] }]);
    expect(es.articles.find(({ id }) => id === half.id)?.locale).toBe('en');
    expect(es.articles.some(({ id }) => id === hidden.id)).toBe(false);
    expect(JSON.stringify([es, await publicFaq('en')])).not.toMatch(/SECRET|helped|published/);
  });

  it('only pages of the shop get it, and what they have already is not sent again', async () => {
    expect((await read('en', 'demo', { Origin: 'https://evil.example' })).status).toBe(403);
    expect((await read('en', 'nobody')).status).toBe(404);
    const first = await read('en');
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('access-control-allow-origin')).toBe(server.origin);
    expect((await read('en', 'demo', { 'If-None-Match': etag })).status).toBe(304);
    await add(admin, { en: text('Something new') });
    expect((await read('en', 'demo', { 'If-None-Match': etag })).status).toBe(200);
  });

  it('admins write it, in an order of theirs, over what they saw, and each change is in the audit', async () => {
    const made = await add(admin, { en: text('One') });
    const change = (over: number, title: string) => ({ over, article: { topic: null, texts: { es: text(title) } } });
    const saved = await ask(admin, 'PUT', `/api/faq/${made.id}`, change(made.changedAt, 'Uno'));
    expect(saved).toMatchObject({ status: 200, body: { article: { id: made.id, texts: { es: { title: 'Uno' } } } } });
    expect(saved.body.article.texts).not.toHaveProperty('en');
    const late = await ask(admin, 'PUT', `/api/faq/${made.id}`, change(made.changedAt, 'Tarde'));
    expect(late).toMatchObject({ status: 409, body: { reason: 'changed-meanwhile' } });
    const ordered = await ask(admin, 'PUT', '/api/faq/order', { ids: [made.id] });
    expect(ordered.body.articles[0]?.id).toBe(made.id);
    expect((await ask(admin, 'DELETE', `/api/faq/${made.id}`)).status).toBe(204);
    expect((await ask(admin, 'DELETE', `/api/faq/${made.id}`)).status).toBe(404);
    const audit = await (await fetch(`${server.origin}/api/settings/audit`, { headers: { cookie: admin } })).json();
    const actions = (audit as { lines: { action: string; subject: string }[] }).lines.map(({ action }) => action);
    expect(actions.slice(0, 4).toSorted()).toEqual(['faq.added', 'faq.changed', 'faq.ordered', 'faq.removed']);
  });

  it('agents read it and change nothing; another shop’s admin finds nothing; a foreign page does nothing', async () => {
    const made = await add(admin, { en: text('Ours') });
    const change = { over: made.changedAt, article: { topic: null, texts: { en: text('Theirs') } } };
    expect((await ask(luis, 'GET', '/api/faq')).body.articles.length).toBeGreaterThan(0);
    expect((await ask('', 'GET', '/api/faq')).status).toBe(401);
    expect((await ask(luis, 'POST', '/api/faq', change)).status).toBe(403);
    expect((await ask(luis, 'DELETE', `/api/faq/${made.id}`)).status).toBe(403);
    expect((await ask(stranger, 'GET', '/api/faq')).body.articles).toEqual([]);
    expect((await ask(stranger, 'PUT', `/api/faq/${made.id}`, change)).status).toBe(404);
    expect((await ask(stranger, 'DELETE', `/api/faq/${made.id}`)).status).toBe(404);
    expect((await ask(admin, 'PUT', `/api/faq/${made.id}`, change, 'https://evil.example')).status).toBe(403);
    const kept = (await ask(admin, 'GET', '/api/faq')).body.articles.find(({ id }) => id === made.id);
    expect(kept).toEqual(made);
  });

  it.each([
    ['no language', {}, 400],
    ['a title that is too long', { en: { ...text('x'), title: 'x'.repeat(121) } }, 400],
    ['a body that is too long', { en: { ...text('x'), body: 'x'.repeat(4_001) } }, 400],
    ['nothing but blanks', { en: { ...text('x'), body: ' \n ' } }, 400],
    ['more than a request may hold', { en: { ...text('x'), body: 'x'.repeat(66_000) } }, 413],
  ])('%s is refused, and nothing of it kept', async (_, texts, status) => {
    const before = (await ask(admin, 'GET', '/api/faq')).body;
    expect((await ask(admin, 'POST', '/api/faq', { over: 0, article: { topic: null, texts } })).status).toBe(status);
    expect((await ask(admin, 'GET', '/api/faq')).body).toEqual(before);
  });

  it('has an end: what a shopper would load stays small', async () => {
    const long = { en: { title: 'Long', body: 'x'.repeat(4_000), published: true } };
    let status = 201;
    for (let n = 0; n < 60 && status === 201; n++) {
      status = (await ask(stranger, 'POST', '/api/faq', { over: 0, article: { topic: null, texts: long } })).status;
    }
    expect(status).toBe(413);
    expect((await ask(stranger, 'GET', '/api/faq')).body.articles.length).toBeLessThan(40);
  });

  it('whether it helped is counted once for each shopper and article, of what is published alone', async () => {
    const made = await add(admin, { en: text('Did it help?'), es: text('¿Ha servido?', false) });
    const { token } = (await shopperWire(server)).welcome;
    const tell = async (body: unknown, article = made.id, origin = server.origin) =>
      await ask('', 'POST', `/api/shops/demo/faq/${article}/answers`, body, origin);
    expect((await tell({ token, locale: 'en', helped: true })).body).toEqual({ counted: true });
    expect((await tell({ token, locale: 'en', helped: false })).body).toEqual({ counted: false });
    expect((await tell({ token, locale: 'es', helped: false })).body).toEqual({ counted: false });
    expect((await tell({ token, locale: 'en', helped: true }, 'nothing')).body).toEqual({ counted: false });
    expect((await tell({ token: `${token}x`, locale: 'en', helped: true })).status).toBe(403);
    expect((await tell({ token, locale: 'en' })).status).toBe(400);
    expect((await tell({ token, locale: 'en', helped: true }, made.id, 'https://evil.example')).status).toBe(403);
    const kept = (await ask(admin, 'GET', '/api/faq')).body.articles.find(({ id }) => id === made.id);
    expect(kept?.texts['en']).toMatchObject({ helped: 1, notHelped: 0 });
    expect((await fetch(`${server.origin}/api/shops/demo/faq/${made.id}/answers`)).status).toBe(404);
  });
});
