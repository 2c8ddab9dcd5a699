import { Connection, type ConnectionStatus } from '../../../client/core/connection.ts';
import type { ServerFrame } from '../../../server/protocol/from-server.ts';
import { PROTOCOL_VERSION } from '../../../server/protocol/limits.ts';
import type { Attendance, ConversationView, MediaStatus, ShopView } from '../../../server/protocol/views.ts';
import type { Memory } from '../../loader/memory.ts';
import { socketAddress } from '../../loader/socket-address.ts';
import { CallStep, type HandedCall } from '../../panel/steps/call-step.svelte.ts';
import { words } from '../../panel/words.ts';

/** Whether the shop is open is said on its pages. */
const UNKNOWN: Attendance = { open: true, until: null, staffed: true, topics: [], channels: [] };

/** Nothing of the shopper stays behind on the service's origin. */
function shortMemory(): Memory {
  const kept = new Map<string, string | null>();
  return { get: (name) => kept.get(name) ?? null, set: (name, value) => void kept.set(name, value) };
}

/** A running call in its own window: takes it over from the page, and closes with it. */
export class WindowCall {
  readonly step: CallStep;
  status = $state.raw<ConnectionStatus>('connecting');
  shop = $state.raw<ShopView | null>(null);
  /** The window has no call (any more). */
  lost = $state(false);
  onTop = $state(false);
  /** The conversation, as far as it is known. */
  latest = $state.raw<ConversationView | null>(null);
  media = $state.raw<MediaStatus>({ status: 'ready' });
  readonly agentName = $derived(this.latest?.agent?.name ?? words.somebody());
  #connection: Connection;
  #token: string | null = null;
  #tab = crypto.randomUUID();
  /** The call was here. */
  #had = false;

  /** `from`: the origin of the page that handed the call on. */
  constructor({ handed, from, element }: { handed: HandedCall; from: string; element: HTMLElement }) {
    const { shop, locale, pass } = handed;
    this.#connection = new Connection(socketAddress(location.origin), () => ({
      type: 'hello',
      role: 'shopper',
      protocol: PROTOCOL_VERSION,
      shop,
      tab: this.#tab,
      locale,
      ...(this.#token ? { token: this.#token } : { pass: { pass, from } }),
    }));
    const root = element.shadowRoot;
    if (!root) throw new Error('The window has no root.');
    this.step = new CallStep({
      connection: this.#connection,
      host: {
        origin: location.origin,
        socket: null,
        settings: {},
        basket: () => null,
        shop: { key: shop, name: '', accent: '', greeting: null, attendance: UNKNOWN, mail: false },
        locale,
        element,
        root,
        show() {},
      },
      tab: this.#tab,
      session: shortMemory(),
      hands: () => null,
      view: () => this.latest,
      media: () => this.media,
      say() {},
      onCall() {},
      refuse() {},
      covered: () => false,
      ownWindow: true,
      makeWay() {},
      panel: () => null,
    });
    this.#connection.on('frame', (frame) => this.#receive(frame));
    this.#connection.on('status', (status) => {
      this.status = status;
      this.lost = status === 'stopped';
      this.step.connected(status === 'open');
    });
  }

  /** There is nothing but the call to be shown. */
  show(): void {}

  close(): void {
    this.step.close();
    this.#connection.close();
  }

  #receive(frame: ServerFrame): void {
    if (frame.type === 'welcome' && frame.role === 'shopper') {
      this.#token = frame.token;
      this.shop = frame.shop;
      this.media = frame.media;
    } else if (frame.type === 'media.status') this.media = frame.media;
    else if (frame.type === 'conversation.state') this.#follow(frame.conversation);
    else if (frame.type === 'refused' && frame.of === 'call.take') this.step.notTaken();
  }

  #follow(view: ConversationView): void {
    this.latest = view;
    const here = view.call?.members.some(({ tab }) => tab === this.#tab) ?? false;
    if (here) this.#had = true;
    this.step.update();
    if (here || (view.call?.status === 'active' && !this.#had)) {
      if (!here) void this.step.take();
      return;
    }
    // Ended, or brought back.
    this.lost = true;
    this.close();
    window.close();
  }
}
