import { Hono, type Context } from 'hono';
import { compress } from 'hono/compress';
import type { MediaStatus } from '../protocol/views.ts';
import type { Recordings } from '../recordings/recordings.ts';
import type { Lines } from '../rooms/lines.ts';
import type { Erasures } from '../rooms/erasures.ts';
import type { Faq } from '../rooms/faq.ts';
import type { Reports } from '../rooms/reports.ts';
import type { ShopSettings } from '../rooms/shop-settings.ts';
import type { Storage } from '../storage/storage.ts';
import { agentAuth, type AgentAuthOptions } from './agent-auth.ts';
import { agentFileRoutes, shopperFileRoutes, type FileRoutesOptions } from './files.ts';
import type { Metrics } from './metrics.ts';
import { earlierRoutes } from './earlier.ts';
import { erasureRoutes } from './erasure.ts';
import { faqRoutes } from './faq.ts';
import { mayReadMetrics } from './metrics-door.ts';
import { askingOrigin, isAllowed, type Origins } from './origins.ts';
import { replayHeaders, seenHeaders } from './policies.ts';
import { shopFaqRoutes } from './shop-faq.ts';
import type { ShopperTokens } from './shopper-token.ts';
import { reportRoutes } from './reports.ts';
import { searchRoutes } from './search.ts';
import { settingRoutes } from './settings.ts';
import { teamRoutes, type TeamRoutesOptions } from './team.ts';
import { recordingRoutes } from './recordings.ts';
import { file, folder, made, type MadeFile } from './static-files.ts';

export type AppOptions = {
  storage: Storage;
  recordings: Recordings;
  settings: ShopSettings;
  reports: Reports;
  lines: Lines;
  files: Pick<FileRoutesOptions, 'files' | 'rooms' | 'tokens' | 'trustProxy' | 'newId'>;
  faq: Faq;
  erasures: Erasures;
  tokens: ShopperTokens;
  team: Pick<TeamRoutesOptions, 'newId' | 'agentSignedOut' | 'agentChanged' | 'teamChanged'>;
  origins: Origins;
  /** The folder of the built browser parts. */
  dist: string;
  demo: ReadonlyMap<string, MadeFile>;
  auth: AgentAuthOptions;
  state: () => 'starting' | 'ready' | 'draining';
  media: () => MediaStatus;
  /** What is open on the media workers now. */
  mediaOpen: () => Record<string, number>;
  metrics: Metrics;
  /** Whoever brings it may read the metrics from anywhere; null: only this machine may. */
  metricsToken: string | null;
  log: { error(fields: object, message: string): void };
};

/** Every HTTP route. No GET has an effect. */
export function createApp(options: AppOptions): Hono {
  const { storage, origins, dist, demo, state, media, mediaOpen, metrics, log } = options;
  const app = new Hono();
  app.use(compress());
  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    // Console and replay may be two names of one site: a shopper's page must not share a process with the console.
    c.header('Origin-Agent-Cluster', '?1');
    c.header('Referrer-Policy', 'strict-origin-when-cross-origin');
  });

  app.get('/healthz', (c) => {
    // How much runs is for those alone who may read the metrics.
    const open = mayReadMetrics(c, options.metricsToken) ? { open: mediaOpen() } : {};
    return c.json({ status: state(), media: media(), ...open }, state() === 'ready' ? 200 : 503);
  });

  app.get('/metrics', async (c) => {
    if (!mayReadMetrics(c, options.metricsToken)) return c.json({ reason: 'forbidden' }, 403);
    return c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' });
  });

  // The replay's origin serves the replay and nothing else; the service's origin serves everything but the replay.
  const replayHost = new URL(origins.replay).host;
  app.use(async (c, next) => {
    const onReplayHost = c.req.header('host') === replayHost;
    const forReplay = c.req.path.startsWith('/replay/');
    if (onReplayHost === forReplay) return await next();
    const movable = onReplayHost && c.req.method === 'GET' && /^\/($|console|demo)/.test(c.req.path);
    return movable ? c.redirect(`${origins.service}${c.req.path}`) : c.notFound();
  });
  app.route('/replay', folder(`${dist}/replay`, replayHeaders(origins)));

  const shopFor = async (c: Context) => {
    const asking = askingOrigin(c.req.raw.headers, origins.service);
    if (asking) c.header('Access-Control-Allow-Origin', asking);
    c.header('Vary', 'Origin');
    c.header('Cache-Control', 'no-store');
    const shop = await storage.shopByKey(c.req.param('key') ?? '');
    if (!shop) return c.json({ reason: 'unknown-shop' }, 404);
    return isAllowed(shop, asking) ? shop : c.json({ reason: 'forbidden-origin' }, 403);
  };
  app.get('/api/shops/:key', async (c) => {
    const shop = await shopFor(c);
    return shop instanceof Response ? shop : c.json(await options.lines.view(shop));
  });
  // Of a page in a frame and the one around it: whether the other one is the shop's as well.
  app.get('/api/shops/:key/together', async (c) => {
    const shop = await shopFor(c);
    return shop instanceof Response ? shop : c.json({ allowed: isAllowed(shop, c.req.query('with') ?? null) });
  });
  app.get('/api/replay', (c) => c.json({ origin: origins.replay }));
  const { serviceOrigin, now, trustProxy } = options.auth;
  const { faq, tokens } = options;
  app.route('/api/shops', shopFaqRoutes({ storage, faq, tokens, serviceOrigin, trustProxy }));
  app.route('/api/agent', agentAuth(options.auth));
  const signing = { storage, serviceOrigin, now };
  app.route('/api/conversations', recordingRoutes({ ...signing, recordings: options.recordings }));
  app.route('/api/conversations', earlierRoutes(signing));
  app.route('/api/conversations', erasureRoutes({ ...signing, erasures: options.erasures }));
  app.route('/api/faq', faqRoutes({ ...signing, faq }));
  app.route('/api', reportRoutes({ ...signing, reports: options.reports }));
  app.route('/api/search', searchRoutes(signing));
  app.route('/api/settings', settingRoutes({ ...signing, settings: options.settings }));
  const filing = { ...signing, ...options.files, settings: options.settings };
  app.route('/api/files', agentFileRoutes(filing));
  app.route('/api/shops/:key/files', shopperFileRoutes(filing));
  app.route('/api/team', teamRoutes({ ...signing, ...options.team }));

  const forShops = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
  app.get('/widget.js', file(`${dist}/loader/widget.js`, forShops));
  app.route('/widget', folder(`${dist}/widget`, forShops));
  app.route('/inside', folder(`${dist}/inside`, forShops));

  app.get('/', (c) => c.redirect('/demo/'));
  app.get('/console', (c) => c.redirect('/console/'));
  app.get('/call', (c) => c.redirect('/call/'));
  app.get('/seen', (c) => c.redirect('/seen/'));
  app.get('/demo', (c) => c.redirect('/demo/'));
  app.route('/console', folder(`${dist}/console`, consoleHeaders(origins)));
  app.route('/call', folder(`${dist}/call`, windowHeaders(origins)));
  app.route('/seen', folder(`${dist}/seen`, seenHeaders(origins)));
  app.route('/demo', made(demo, demoHeaders(origins)));

  app.notFound((c) => c.text('There is nothing here.', 404));
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, 'a request failed');
    return c.json({ reason: 'failed' }, 500);
  });
  return app;
}

function consoleHeaders({ service, replay }: Origins): Record<string, string> {
  const socket = service.replace(/^http/, 'ws');
  const policy = [
    `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob: https:`,
    `media-src 'self' blob: mediastream:; connect-src 'self' ${socket}; frame-src ${replay}`,
    `base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self)',
    'X-Frame-Options': 'DENY',
  };
}

/** The call's own window. Its words reach it from the page that opened it; nothing may frame it. */
function windowHeaders({ service }: Origins): Record<string, string> {
  const socket = service.replace(/^http/, 'ws');
  const policy = [
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src blob: mediastream:`,
    `connect-src 'self' ${socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self)',
    'X-Frame-Options': 'DENY',
  };
}

/** The demo shop has the strict policy that the README tells shops of. */
function demoHeaders({ service }: Origins): Record<string, string> {
  const socket = service.replace(/^http/, 'ws');
  const policy = `default-src 'self'; connect-src 'self' ${socket}; img-src 'self' data:; media-src 'self' blob: mediastream:`;
  return { 'Content-Security-Policy': `${policy}; frame-ancestors 'self'; form-action 'self'; base-uri 'none'` };
}
