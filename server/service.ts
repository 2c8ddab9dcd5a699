import { randomUUID } from 'node:crypto';
import type { Config } from './config.ts';
import type { Files } from './files/files.ts';
import { prepareInstallation, type Enrolment, type Installation } from './first-run.ts';
import type { FrameCheck } from './frames/frame-check.ts';
import { cookieName } from './http/agent-auth.ts';
import { createApp } from './http/app.ts';
import { Metrics } from './http/metrics.ts';
import type { Origins } from './http/origins.ts';
import { Reception } from './http/reception.ts';
import { HttpServer } from './http/server.ts';
import { ShopperTokens } from './http/shopper-token.ts';
import { SocketDoor } from './http/socket-door.ts';
import type { MadeFile } from './http/static-files.ts';
import type { Mailer, ReceivedMail, Reception as MailReception } from './mail/mail.ts';
import { MailOutbox } from './mail/mail-outbox.ts';
import { MessageIds } from './mail/message-ids.ts';
import type { Media } from './media/media.ts';
import { CallsOver } from './calls-over.ts';
import { CLOSE } from './protocol/close-codes.ts';
import type { MediaStatus } from './protocol/views.ts';
import type { Recordings } from './recordings/recordings.ts';
import { Desk } from './rooms/desk.ts';
import { Erasures } from './rooms/erasures.ts';
import { Lines } from './rooms/lines.ts';
import { Faq } from './rooms/faq.ts';
import { Reports } from './rooms/reports.ts';
import { Rooms } from './rooms/rooms.ts';
import { ShopSettings } from './rooms/shop-settings.ts';
import { ShopperTabs } from './rooms/shopper-session.ts';
import { Sockets, type Socket } from './rooms/socket.ts';
import { TicketMails } from './rooms/ticket-mails.ts';
import { Tickets } from './rooms/tickets.ts';
import type { Storage } from './storage/storage.ts';

/** The implementations that `main` has chosen. */
export type Parts = {
  storage: Storage;
  media: Media;
  recordings: Recordings;
  frames: FrameCheck;
  files: Files;
  /** Null: no mails. `watch` null: none come in. */
  mail: {
    mailer: Mailer;
    watch: ((receive: (mail: ReceivedMail) => Promise<MailReception>) => { close(): Promise<void> }) | null;
  } | null;
  demo: (options: { shopKey: string; widgetUrl: string }) => ReadonlyMap<string, MadeFile>;
  /** A write was refused: the database itself may be gone. */
  storageFailed: (error: unknown) => void;
  log: { error(fields: object, message: string): void };
};

/** A running service. */
export type Service = {
  origins: Origins;
  installation: Installation;
  /**
   * No new calls; the running ones are told and go on, and their people may load pages and come back. Resolves when no
   * call runs any more, after `seconds`, or when `hurry` aborts. Everybody else is served meanwhile.
   */
  drain(seconds: number, hurry: AbortSignal): Promise<void>;
  /** Refuses newcomers, asks everybody to come again elsewhere, writes what waits. Twice is fine. */
  close(): Promise<void>;
};

/** Opens the service on a server that is bound already. */
export async function openService(
  http: HttpServer,
  origins: Origins,
  config: Config,
  { storage, media, recordings, frames, files, mail, demo, storageFailed, log }: Parts,
  options: { dist: string; shopKey: string; enrolment: Enrolment | null },
): Promise<Service> {
  const now = Date.now;
  const { shopKey, enrolment } = options;
  const installation = await prepareInstallation(storage, {
    serviceOrigin: origins.service,
    shop: config.shop,
    enrolment,
    now: now(),
  });
  let drained: CallsOver | null = null;
  const settings = new ShopSettings({ storage, now, newId: randomUUID });
  const faq = new Faq({ storage, settings, now, newId: randomUUID });
  const tokens = new ShopperTokens(installation.tokenSecret);
  const sockets = new Sockets();
  const desk = new Desk(sockets);
  const metrics = new Metrics({
    sockets: () => door.counts(),
    calls: () => rooms.calls(),
    mediaOpen: () => media.open(),
  });
  const rooms = new Rooms({
    storage,
    media,
    recordings,
    frames,
    sockets,
    now,
    newId: randomUUID,
    log,
    storageFailed,
    recorded: (entries, room) => {
      metrics.recorded(entries);
      tickets.recorded(room, entries);
      mails?.recorded(room, entries);
    },
    summaryChanged: (shop, summary) => {
      mails?.sees(summary);
      desk.show(shop, summary);
      lines.sees(shop, summary);
      drained?.check();
    },
  });
  const tickets = new Tickets({
    storage,
    settings,
    now,
    failed: (error) => log.error({ err: error }, 'the time of a ticket could not be told'),
  });
  const outbox =
    mail && config.mail
      ? new MailOutbox({
          storage,
          mailer: mail.mailer,
          ids: new MessageIds(installation.tokenSecret, config.mail.host),
          now,
          log,
          told: (record, outcome) => mails?.told(record, outcome),
        })
      : null;
  const mails =
    outbox && config.mail
      ? new TicketMails({ storage, rooms, settings, files, post: outbox, gatherMs: config.mail.gatherMs, now, log })
      : null;
  const tabs = new ShopperTabs();
  const lines = new Lines({
    storage,
    settings,
    rooms,
    desk,
    tellShoppers: (shop, frame) => tabs.tell(shop, frame),
    mail: mails !== null,
    now,
    log,
  });
  const erasures = new Erasures({ storage, rooms, recordings, files, tabs, desk, now, newId: randomUUID, log });
  await erasures.open();
  await lines.open();
  await mails?.open();
  const common = {
    rooms,
    lines,
    files,
    tickets,
    mails,
    newId: randomUUID,
    media: mediaStatus,
    recording: () => recordings.availability(),
    failed: (socket: Socket, error: unknown) => {
      log.error({ err: error }, 'a session failed');
      socket.close(CLOSE.failed);
    },
    inBackground: (work: Promise<void>) => {
      work.catch((error: unknown) => log.error({ err: error }, 'a request of a call failed'));
    },
  };
  const reception = new Reception({
    storage,
    origins,
    tokens,
    shopper: { ...common, tabs, now, help },
    agent: { ...common, desk, replayOrigin: origins.replay, inTeam },
    conversationsPerAddress: config.conversationsPerAddress,
    now,
  });
  const door = new SocketDoor({
    reception,
    sockets,
    cookieName: cookieName(origins.service),
    trustProxy: config.trustProxy,
    now,
    log,
  });
  let state: 'ready' | 'draining' | 'closed' = 'ready';
  const { trustProxy } = config;
  const app = createApp({
    storage,
    recordings,
    settings,
    reports: new Reports({ storage, settings, zone: new Intl.DateTimeFormat().resolvedOptions().timeZone, now }),
    lines,
    files: { files, rooms, tokens, trustProxy, newId: randomUUID },
    faq,
    erasures,
    tokens,
    team: {
      newId: randomUUID,
      agentSignedOut: (agent) => door.endAgent(agent, CLOSE.signedOut),
      agentChanged: (agent) => door.endAgent(agent, CLOSE.changed),
      teamChanged: (shop) => {
        const failed = (error: unknown): void => log.error({ err: error }, 'a changed team was not read');
        lines.teamChanged(shop).catch(failed);
      },
    },
    origins,
    dist: options.dist,
    demo: demo({ shopKey, widgetUrl: `${origins.service}/widget.js` }),
    auth: { storage, serviceOrigin: origins.service, trustProxy, now, signedOut: (session) => door.signOut(session) },
    state: () => (state === 'ready' ? 'ready' : 'draining'),
    media: mediaStatus,
    mediaOpen: () => media.open(),
    metrics,
    metricsToken: config.metricsToken,
    log,
  });
  const stopTelling = media.onStatus(tellMedia);
  http.serve(app, door);
  const mailbox = mails && mail?.watch ? mail.watch(async (received) => await mails.receive(received)) : null;

  async function help(shop: string): Promise<{ articles: boolean; rating: boolean }> {
    const [articles, { satisfaction }] = await Promise.all([faq.any(shop), settings.of(shop)]);
    return { articles, rating: satisfaction.ask };
  }

  async function inTeam(shop: string, id: string): Promise<{ id: string; name: string } | null> {
    const agent = await storage.agentById(id);
    return agent?.shop === shop && agent.active ? { id, name: agent.name } : null;
  }

  function mediaStatus(): MediaStatus {
    return drained ? { status: 'draining', until: drained.until } : media.status();
  }

  function tellMedia(): void {
    const json = JSON.stringify({ type: 'media.status', media: mediaStatus() });
    for (const socket of sockets.all()) socket.sendText(json);
  }

  async function drain(seconds: number, hurry: AbortSignal): Promise<void> {
    if (state !== 'ready') return;
    state = 'draining';
    drained = new CallsOver(() => rooms.calls(), now() + seconds * 1000);
    tellMedia();
    await drained.wait(seconds * 1000, hurry);
  }

  async function close(): Promise<void> {
    if (state === 'closed') return;
    state = 'closed';
    stopTelling();
    door.drain();
    lines.close();
    erasures.close();
    await mailbox?.close();
    mails?.close();
    await rooms.close();
    await outbox?.close();
    door.close();
  }
  return { origins, installation, drain, close };
}
