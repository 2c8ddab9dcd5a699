import { listenAround } from './loader/around.ts';
import type {
  InsideModule,
  LauncherState,
  MostradorApi,
  Panel,
  PanelModule,
  ToldBasket,
  WidgetEvents,
  WidgetHost,
} from './loader/contract.ts';
import { findShop, keptShop } from './loader/find-shop.ts';
import { drawLauncher, type Launcher } from './loader/launcher.ts';
import { chooseLocale, type Locale } from './loader/locale.ts';
import { openMemory } from './loader/memory.ts';
import { socketAddress } from './loader/socket-address.ts';

/** The panel's module below the service's origin, put in by the build. */
// oxlint-disable-next-line no-underscore-dangle -- the name says that it is no variable of ours
declare const __PANEL__: string;
/** What goes on over page loads needs these: the chat, and a call or a shown page besides. Below `/widget/`. */
// oxlint-disable-next-line no-underscore-dangle -- see above
declare const __AHEAD__: Record<Locale, Record<'chat' | 'call' | 'page', string[]>>;
/** What records a page inside a frame. */
// oxlint-disable-next-line no-underscore-dangle -- see above
declare const __INSIDE__: string;

declare global {
  interface Window {
    Mostrador?: MostradorApi;
  }
}

type Listener = (...args: unknown[]) => void;

const script = document.currentScript ?? document.querySelector('script[data-shop]');
// A second script tag on the page changes nothing.
if (!window.Mostrador && script instanceof HTMLScriptElement) {
  window.Mostrador = boot(new URL(script.src).origin, script.dataset);
  document.dispatchEvent(new CustomEvent('mostrador'));
}

function boot(origin: string, settings: DOMStringMap): MostradorApi {
  const key = settings['shop'] ?? '';
  const listeners = new Map<string, Set<Listener>>();
  const emit = <K extends keyof WidgetEvents>(event: K, ...args: WidgetEvents[K]): void =>
    listeners.get(event)?.forEach((listener) => listener(...args));
  let state: LauncherState = { open: false, unread: 0, call: false };
  /** What the page asked for before the launcher was there. */
  let wanted = false;
  let told: ToldBasket | null = null;
  let panel: Promise<Panel> | null = null;
  let launcher: Launcher | null = null;
  let load: (() => Promise<Panel>) | null = null;
  /** A page around this one has the widget: it is enough once. */
  let inside = false;

  const fetchModule = (file: string): Promise<unknown> => import(/* @vite-ignore */ `${origin}/${file}`);

  const toggle = (open: boolean): void => {
    wanted = open;
    if (!load || (!open && !panel)) return;
    panel ??= load();
    panel.then(
      (it) => (open ? it.open() : it.close()),
      () => launcher?.say('failed'),
    );
  };

  const locale = chooseLocale(document.documentElement.lang, navigator.languages);
  // What goes on over this page load waits for nothing that can come at the same time.
  const session = openMemory('session', key);
  const step = session.get('step') as 'call' | 'page' | null;
  const underWay = openMemory('local', key).get('under-way') ?? step;
  // In a frame it may be the page around that goes on with it.
  const early = underWay && window === window.parent;
  const socket = early ? new WebSocket(socketAddress(origin)) : null;
  const ahead = __AHEAD__[locale];
  for (const file of early ? [...ahead.chat, ...((step && ahead[step]) ?? [])] : [])
    fetchModule(`widget/${file}`).catch(() => {});

  /** Whether this is a page of the shop. */
  const show = async (): Promise<boolean> => {
    const found = findShop(origin, key).then((shop) => {
      const known = typeof shop !== 'string';
      session.set('shop', known ? JSON.stringify(shop) : null);
      if (!known) {
        console.error(`Mostrador: ${shop}`);
        if (!launcher) socket?.close();
      }
      return known && shop;
    });
    const shop = (early && keptShop(session.get('shop'), key)) || (await found);
    if (!shop || inside) return shop !== false;
    const drawn = drawLauncher(shop, locale, () => toggle(!state.open));
    launcher = drawn;
    const host: WidgetHost = {
      origin,
      settings,
      shop,
      socket,
      locale,
      element: drawn.element,
      root: drawn.root,
      basket: () => told,
      show(next) {
        const before = state;
        state = next;
        drawn.draw(next);
        if (next.unread !== before.unread) emit('unread', next.unread);
        if (next.open === before.open) return;
        if (!next.open && document.activeElement === drawn.element) drawn.focus();
        emit(next.open ? 'open' : 'close');
      },
    };
    load = async () => {
      drawn.say('loading');
      try {
        const module = (await fetchModule(__PANEL__)) as PanelModule;
        return await module.start(host);
      } catch (cause) {
        // The next click tries again.
        panel = null;
        throw cause;
      } finally {
        drawn.say('idle');
      }
    };
    // Beside the body, where a shop that redraws its body leaves it alone.
    document.documentElement.append(drawn.element);
    if (wanted) toggle(true);
    else if (underWay) (panel = load()).catch(() => {});
    return true;
  };
  listenAround(key, {
    here: show(),
    onAround() {
      inside = true;
      if (panel) return;
      load = null;
      launcher?.element.remove();
    },
    onRecord({ data, origin: from, ports }) {
      const page = { from, port: ports[0], origin, key, settings, invitation: data };
      void fetchModule(__INSIDE__).then(
        (module) => (module as InsideModule).record(page),
        () => {},
      );
    },
  });

  return {
    open: () => toggle(true),
    close: () => toggle(false),
    basket(basket) {
      told = basket;
      panel?.then(
        (it) => it.basket(),
        () => {},
      );
    },
    on(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener as Listener));
      return () => void set.delete(listener as Listener);
    },
  };
}
