import type { HandsOrder } from '../../../server/protocol/hands.ts';
import type { HandsView } from '../../../server/protocol/views.ts';
import type { SharedPage } from '../../cobrowse/index.ts';
import type { Hands } from '../../cobrowse/hands/index.ts';
import type { Desk } from '../steps/desk.ts';
import { didSentence, handsWords } from './sentences.ts';

/** Another's hands on the shopper's page: the question, the yes, the hands, the stop. */
export class HandsStep {
  #desk: Desk;
  #page: () => SharedPage | null;
  /** Stopped here while the server still takes it for going on. */
  #stopped = $state.raw<string | null>(null);
  #hands: { page: SharedPage; since: number; opened: Hands } | null = null;
  #opening = false;
  #closed = false;

  constructor(desk: Desk, page: () => SharedPage | null) {
    this.#desk = desk;
    this.#page = page;
    this.#stopped = desk.session.get('hands-stopped');
  }

  /** Who asks. */
  get asked(): { name: string } | null {
    const hands = this.#view;
    return hands?.status === 'asked' ? hands.by : null;
  }

  /** Who may act. */
  get on(): { name: string } | null {
    const hands = this.#view;
    return hands?.status === 'on' && this.#stopped !== String(hands.since) ? hands.agent : null;
  }

  get sentence(): string {
    const name = this.on?.name ?? '';
    const cobrowse = this.#desk.view()?.cobrowse;
    const here = cobrowse?.status === 'on' && cobrowse.tab === this.#desk.tab;
    return here ? handsWords.sign({ name }) : handsWords.sign_elsewhere({ name });
  }

  answer(yes: boolean): void {
    const view = this.#desk.view();
    if (view && !this.#desk.connection.send({ type: 'hands.answer', conversation: view.id, yes })) {
      this.#desk.refuse('not-connected');
    }
  }

  /** Nothing more is done after the click; the server is told now or as soon as there is a connection. */
  stop(): void {
    this.#release();
    const view = this.#desk.view();
    if (view?.hands.status !== 'on') return;
    this.#stopped = String(view.hands.since);
    this.#desk.session.set('hands-stopped', this.#stopped);
    this.#desk.connection.send({ type: 'hands.stop', conversation: view.id });
  }

  /** The conversation has changed, or the page's recorder has come or gone. */
  update(): void {
    const hands = this.#view;
    if (hands?.status !== 'on' && this.#desk.connection.status === 'open') {
      this.#stopped = null;
      this.#desk.session.set('hands-stopped', null);
    }
    const page = this.on && hands?.status === 'on' ? this.#page() : null;
    const since = hands?.status === 'on' ? hands.since : 0;
    if (this.#hands && (this.#hands.page !== page || this.#hands.since !== since)) this.#release();
    if (page && !this.#hands && !this.#opening) void this.#open();
  }

  /** The tab's socket is back. */
  connected(): void {
    const hands = this.#view;
    if (hands?.status === 'on' && !this.on) this.stop();
  }

  act(order: HandsOrder): void {
    if (this.#hands) this.#hands.opened.act(order);
    else this.#tell({ type: 'hands.acted', act: order.act, outcome: 'no-hands' });
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  get #view(): HandsView | null {
    return this.#desk.view()?.hands ?? null;
  }

  async #open(): Promise<void> {
    this.#opening = true;
    try {
      const { openHands } = await import('../../cobrowse/hands/index.ts');
      const hands = this.#view;
      const page = this.#page();
      if (this.#closed || !page || !this.on || hands?.status !== 'on') return;
      const { name } = hands.agent;
      const opened = openHands({
        page,
        words: {
          sign: handsWords.sign({ name }),
          stop: handsWords.stop(),
          stopLong: handsWords.stop_long({ name }),
          did: (did, what) => didSentence(name, did, what),
        },
        tell: (frame) => this.#tell(frame),
        onStop: () => this.stop(),
      });
      this.#hands = { page, since: hands.since, opened };
    } catch {
      // Whatever is asked for meanwhile is refused; the next change tries again.
    } finally {
      this.#opening = false;
    }
  }

  #release(): void {
    this.#hands?.opened.close();
    this.#hands = null;
  }

  #tell(
    frame: Parameters<Parameters<(typeof import('../../cobrowse/hands/index.ts'))['openHands']>[0]['tell']>[0],
  ): void {
    const view = this.#desk.view();
    if (view) this.#desk.connection.send({ ...frame, conversation: view.id });
  }
}
