import { isIP } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { buildIfStale } from '../client/build.ts';
import { renderDemoShop } from '../widget/demo-shop/index.ts';
import { readConfig, type Config } from './config.ts';
import { KeptFiles } from './files/kept-files.ts';
import { ADMIN_EMAIL, DEMO_SHOP_KEY, type Enrolment } from './first-run.ts';
import type { Origins } from './http/origins.ts';
import { ThreadedCheck } from './frames/threaded-check.ts';
import { HttpServer } from './http/server.ts';
import { ImapMailbox } from './mail/imap.ts';
import { smtpMailer } from './mail/smtp.ts';
import { startMedia } from './media/mediasoup.ts';
import { assemble } from './media/recording/assemble.ts';
import { findFfmpeg, type NoFfmpeg } from './media/recording/ffmpeg.ts';
import { Recorder } from './media/recording/recorder.ts';
import { findWorkerBinary } from './media/worker-binary/index.ts';
import { KeptRecordings } from './recordings/kept-recordings.ts';
import { openService, type Parts, type Service } from './service.ts';
import { openPostgres } from './storage/postgres.ts';
import { openSqlite } from './storage/sqlite.ts';
import { StorageError } from './storage/storage-error.ts';

/** What is left after the calls: writing what waits, and letting everybody go. */
const CLOSE_WITHIN_MS = 15_000;
const SAME_SIGNAL_MS = 500;

/** The only file that chooses implementations. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const enrolment = readEnrolment(process.argv.slice(2));
  const log = pino({ level: config.logLevel });
  const say = (line: string): void => console.log(line);
  const stopping = new AbortController();
  // Who says it twice does not want to wait for calls.
  const hurry = new AbortController();
  let stoppedAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) stoppedAt = performance.now();
      stopping.abort();
      // Ctrl-C comes twice, from the terminal and from npm.
      if (performance.now() - stoppedAt > SAME_SIGNAL_MS) hurry.abort();
    });
  }

  const http = new HttpServer();
  const port = await http.listen(config.host, config.port);
  const origins = originsOf(config, port);
  await buildIfStale(say);
  const storage = config.databaseUrl
    ? await openPostgres({ url: config.databaseUrl })
    : await openSqlite({ dir: config.dataDir });
  const found = await findFfmpeg({ wanted: config.recording.wanted, path: config.recording.ffmpeg });
  const ffmpeg = found.ok ? found.ffmpeg : null;
  const { days } = config.recording;
  const recordings = await KeptRecordings.open({
    storage,
    dir: join(config.dataDir, 'recordings'),
    availability: { call: found.ok ? 'ready' : found.reason, page: config.recording.wanted, days },
    days,
    assemble: ffmpeg && (async (job) => await assemble(ffmpeg, job)),
    now: Date.now,
    log,
  });
  const files = await KeptFiles.open({
    storage,
    dir: join(config.dataDir, 'files'),
    bytesMax: config.filesMaxBytes,
    now: Date.now,
    log,
  });
  const media = startMedia({
    findBinary: findWorkerBinary,
    listenIp: config.media.listenIp,
    ...(config.media.announcedAddress ? { announcedAddress: config.media.announcedAddress } : {}),
    ...(config.media.workers ? { workers: config.media.workers } : {}),
    port: config.media.port,
    turn: config.media.turn,
    recorder: ffmpeg && new Recorder(ffmpeg),
    log,
  });
  const frames = new ThreadedCheck();
  const mail = config.mail && mailOf(config.mail, log);
  const service = await openService(
    http,
    origins,
    config,
    { storage, media, recordings, frames, files, mail, demo: renderDemoShop, storageFailed: endWithoutDatabase, log },
    {
      dist: join(import.meta.dirname, '..', 'dist'),
      shopKey: DEMO_SHOP_KEY,
      enrolment,
    },
  );
  greet(service, say);
  if (origins.service.startsWith('https:') && !config.trustProxy) {
    say('  Behind a proxy set TRUST_PROXY=1, or all agents share one limit of sign-in attempts.');
  }
  tellMedia(media, say);
  if (config.mail && !config.mail.imap) {
    say('  Answers by mail do not come into the chat: IMAP_URL is not set. They are in the mailbox of MAIL_FROM.');
  }
  if (!found.ok) say(`  ${NO_RECORDING[found.reason]}`);

  await untilAborted(stopping.signal);
  say(
    `Closing: no new calls. Running ones have ${config.drainSeconds} seconds; a second signal does not wait for them.`,
  );
  await service.drain(config.drainSeconds, hurry.signal);
  say('Closing: everybody is asked to come back in a moment …');
  const forced = setTimeout(() => process.exit(1), CLOSE_WITHIN_MS);
  await service.close();
  await http.close();
  await media.close();
  await frames.close();
  await recordings.close();
  await files.close();
  await storage.close();
  clearTimeout(forced);
}

function mailOf({ smtpUrl, from, imap }: NonNullable<Config['mail']>, log: Parts['log']): Parts['mail'] {
  const mailer = smtpMailer({ url: smtpUrl, from });
  return { mailer, watch: imap && ((receive) => new ImapMailbox({ ...imap, receive, log })) };
}

const NO_RECORDING: Record<NoFfmpeg, string> = {
  off: 'Nothing is recorded: RECORDING=0.',
  'no-ffmpeg': 'Calls cannot be recorded: there is no ffmpeg. On Debian: apt-get install ffmpeg',
  'ffmpeg-unusable': 'Calls cannot be recorded: this ffmpeg is too old, or it was built without libopus.',
};

const ROLES = ['agent', 'supervisor', 'admin'] as const;

/** `--agent EMAIL [--name NAME] [--role ROLE]`: a new colleague, or a new password for a known one. */
function readEnrolment(args: string[]): Enrolment | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { agent: text, name: text, role: text } });
  if (!values.agent) return null;
  if (!/^[^\s@]+@[^\s@]+$/.test(values.agent))
    throw new Error(`--agent needs an e-mail address, not "${values.agent}".`);
  const role = ROLES.find((known) => known === values.role);
  if (values.role && !role) throw new Error(`--role is agent, supervisor or admin, not "${values.role}".`);
  return { email: values.agent, name: values.name?.trim() || null, ...(role ? { role } : {}) };
}

function originsOf({ host, publicOrigin, replayOrigin }: Config, port: number): Origins {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : isIP(host) === 6 ? `[${host}]` : host;
  const service = publicOrigin ?? `http://${shown}:${port}`;
  // Two names of one machine are two origins to a browser: cookies of the one never reach the other.
  const otherLoopback = new URL(service).hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return { service, replay: replayOrigin ?? `http://${otherLoopback}:${port}` };
}

function greet({ origins, installation }: Service, say: (line: string) => void): void {
  const { enrolled } = installation;
  const signIn = enrolled
    ? `${enrolled.email} with the password ${enrolled.password} (shown only this once)`
    : `${ADMIN_EMAIL} with the password of the first start (lost? npm start -- --agent ${ADMIN_EMAIL})`;
  say('');
  say('  Mostrador is open.');
  say(`  Demo shop   ${origins.service}/demo/`);
  say(`  Console     ${origins.service}/console/`);
  say(`  Sign in as  ${signIn}`);
  say('');
}

/** On a slow way the worker takes minutes: its progress is told, a line for every tenth. */
function tellMedia(media: ReturnType<typeof startMedia>, say: (line: string) => void): void {
  let told = '';
  const tell = (): void => {
    const status = media.status();
    if (status.status === 'ready') say('  Calls are ready.');
    else if (status.status === 'unavailable') say(`  Calls are not available: ${status.reason}`);
    else if (status.status === 'preparing') {
      const tenth = status.total ? ` ${Math.floor((10 * (status.done ?? 0)) / status.total) * 10} %` : '';
      const line = `  Calls are being prepared: ${status.step}${tenth}`;
      if (line !== told) say(line);
      told = line;
    }
  };
  tell();
  media.onStatus(tell);
}

/** Without its database the process can promise nothing: whoever watches over it starts it again. */
function endWithoutDatabase(error: unknown): void {
  if (!(error instanceof StorageError) || !['failed', 'in-use'].includes(error.reason)) return;
  console.error(`Mostrador ends: ${error.message}`);
  process.exit(1);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(`Mostrador cannot start: ${sentence(error)}`);
  process.exit(1);
}

function sentence(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return 'the port is taken by another program. Choose another one: PORT=4700 npm start';
  }
  return error instanceof Error ? error.message : String(error);
}
