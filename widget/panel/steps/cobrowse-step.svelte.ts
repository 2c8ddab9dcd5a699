import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import type { Box } from '../../cobrowse/pointing.ts';
import { words } from '../words.ts';
import type { Desk } from './desk.ts';
import { liesOver } from './give-way.ts';

type Recorder = ReturnType<(typeof import('../../cobrowse/index.ts'))['startCobrowse']>;

/** The shopper's page, shown to the agent: the question, the yes, the recorder, the stop. */
export class CobrowseStep {
  /** The shopper asked for the consent card without being asked. */
  offering = $state(false);
  failed = $state(false);
  /** Where the element is that the agent highlights. */
  pointedAt = $state.raw<Box | null>(null);
  #desk: Desk;
  #recorder: Recorder | null = null;
  #starting = false;
  /** The agent has just pointed: once the shopper opens the panel again, it stays. */
  #fresh = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Whether this very tab is looked at. */
  get here(): boolean {
    const cobrowse = this.#desk.view()?.cobrowse;
    return cobrowse?.status === 'on' && cobrowse.tab === this.#desk.tab;
  }

  answer(yes: boolean): void {
    this.offering = false;
    const view = this.#desk.view();
    if (view) this.#desk.connection.send({ type: 'cobrowse.answer', conversation: view.id, yes });
  }

  /** Not one more event leaves after the click; the server is told now or as soon as there is a connection. */
  stop(): void {
    this.#close();
    const view = this.#desk.view();
    if (view?.cobrowse.status !== 'on') return;
    this.#desk.session.set('cobrowse-stopped', String(view.cobrowse.channel));
    this.#desk.connection.send({ type: 'cobrowse.stop', conversation: view.id });
  }

  /** The state of the conversation has changed. */
  update(): void {
    if (!this.here || this.#stopped) this.#close();
    else if (!this.#recorder && !this.#starting) void this.#start();
    const status = this.#desk.view()?.cobrowse.status;
    if (status !== 'off') this.offering = false;
    if (status !== 'on') this.#desk.session.set('cobrowse-stopped', null);
  }

  /** The tab's socket is back. */
  connected(): void {
    if (this.here && this.#stopped) this.stop();
    else this.#recorder?.resume();
  }

  handle(frame: ServerFrame): void {
    switch (frame.type) {
      case 'cobrowse.highlight':
        this.#fresh = frame.node !== null;
        this.#recorder?.handle(frame);
        return;
      case 'cobrowse.ack':
      case 'cobrowse.snapshot':
      case 'cobrowse.pointer':
        this.#recorder?.handle(frame);
        return;
      default:
        return;
    }
  }

  /** The panel was opened or closed: while it covers the page, its own banner says that the page is shown. */
  cover(): void {
    this.#recorder?.cover(this.#desk.covered());
  }

  close(): void {
    this.#close();
  }

  /** The shopper has stopped what the server still takes for going on. */
  get #stopped(): boolean {
    const cobrowse = this.#desk.view()?.cobrowse;
    return cobrowse?.status === 'on' && this.#desk.session.get('cobrowse-stopped') === String(cobrowse.channel);
  }

  async #start(): Promise<void> {
    this.#starting = true;
    this.failed = false;
    try {
      const { startCobrowse } = await import('../../cobrowse/index.ts');
      const view = this.#desk.view();
      if (!this.here || this.#stopped || view?.cobrowse.status !== 'on') return;
      const { name } = view.cobrowse.agent;
      const { connection, host, session } = this.#desk;
      const epoch = Number(session.get('epoch') ?? 0) + 1;
      session.set('epoch', String(epoch));
      this.#recorder = startCobrowse({
        conversation: view.id,
        epoch,
        send: (frame) => connection.sendBinary(frame),
        widgetHost: host.element,
        agentName: name,
        accent: host.shop.accent,
        words: {
          watching: words.cobrowse_on({ name }),
          stop: words.stop(),
          pointing: words.cobrowse_pointing({ name }),
        },
        onStop: () => this.stop(),
        onHighlight: (box) => this.#makeWay(box),
      });
      this.cover();
    } catch {
      this.failed = true;
    } finally {
      this.#starting = false;
    }
  }

  #makeWay(box: Box | null): void {
    this.pointedAt = box;
    if (!box || !this.#fresh) return;
    this.#fresh = false;
    const panel = this.#desk.panel();
    if (panel && liesOver(panel, box)) this.#desk.makeWay();
  }

  #close(): void {
    this.#recorder?.close();
    this.#recorder = null;
  }
}
