import { mount, unmount } from 'svelte';
import { followShop } from '../cobrowse/rules.ts';
import type { Panel as PanelHandle, WidgetHost } from '../loader/contract.ts';
import { openMemory } from '../loader/memory.ts';
import { Counter } from './counter.svelte.ts';
import Panel from './Panel.svelte';
import css from './panel.css?inline';
import { takeTab } from './tab.ts';
import { loadWords } from './words.ts';

/** Draws the panel into the widget's shadow root and connects it. */
export async function start(host: WidgetHost): Promise<PanelHandle> {
  followShop(host.settings);
  await loadWords(host.locale);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.root.adoptedStyleSheets.push(sheet);
  const target = document.createElement('div');
  target.className = 'mount';
  host.root.append(target);
  const tab = takeTab(openMemory('session', host.shop.key));

  const draw = (): { counter: Counter; remove(): void } => {
    const counter = new Counter(host, tab);
    const app = mount(Panel, { target, props: { counter, onrestart: restart } });
    return {
      counter,
      remove() {
        counter.close();
        void unmount(app);
      },
    };
  };
  let drawn = draw();
  function restart(): void {
    drawn.remove();
    drawn = draw();
  }
  // A page in the back-forward cache holds no connection and no camera; when it is shown again it begins anew.
  addEventListener('pagehide', () => drawn.counter.close());
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) restart();
  });
  return {
    open: () => drawn.counter.show(true),
    close: () => drawn.counter.hide(),
    basket: () => drawn.counter.showBasket(),
  };
}
