import type { ShopView } from '../../server/protocol/views.ts';
import type { Locale } from './locale.ts';

/** What the loader hands to the panel that it loads. */
export type WidgetHost = {
  /** The service's origin, for example `https://help.example`. */
  origin: string;
  /** The `data-*` attributes of the script tag. */
  settings: DOMStringMap;
  shop: ShopView;
  /** On its way already, where something goes on over this page load; whoever takes it puts null there. */
  socket: WebSocket | null;
  locale: Locale;
  /** The widget's one element in the shop's page. */
  element: HTMLElement;
  root: ShadowRoot;
  /** As this page has told it last; whatever is in it was not looked at yet. */
  basket: () => ToldBasket | null;
  /** Draws the launcher anew and tells the page's listeners what changed. */
  show(state: LauncherState): void;
};

export type LauncherState = {
  open: boolean;
  /** Messages that the shopper has not seen. */
  unread: number;
  /** A call of this tab is on. */
  call: boolean;
};

/** What the loader may ask of the loaded panel. Opening an open panel does nothing. */
export type Panel = { open(): void; close(): void; basket(): void };

/** What the panel's module exports. */
export type PanelModule = { start(host: WidgetHost): Promise<Panel> };

/** What the module exports that records a page inside a frame. */
export type InsideModule = {
  record(page: {
    /** Origin of the page around that asks for it, and the way to it. */
    from: string;
    port: MessagePort | undefined;
    /** The service's origin, the key and the `data-*` attributes of this page's own script tag. */
    origin: string;
    key: string;
    settings: DOMStringMap;
    /** Not looked at yet. */
    invitation: unknown;
  }): Promise<void>;
};

/** The events of `window.Mostrador`, and what their listeners are given. */
export type WidgetEvents = { open: []; close: []; unread: [count: number] };

/** As a shop tells it: prices as they are shown, currency included. */
export type ToldBasket = { items: { name: string; quantity?: number; price?: string }[]; total?: string };

/** The widget's public interface for the shop's own scripts: `window.Mostrador`. */
export type MostradorApi = {
  open(): void;
  close(): void;
  /** What lies in the shopper's basket now, for the agent to see; null: nobody has to know any more. */
  basket(basket: ToldBasket | null): void;
  /** Returns its own unsubscribe. */
  on<K extends keyof WidgetEvents>(event: K, listener: (...args: WidgetEvents[K]) => void): () => void;
};
