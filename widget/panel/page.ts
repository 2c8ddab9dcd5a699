import { closeAddress, rules } from '../cobrowse/rules.ts';
import type { PageView } from '../../server/protocol/views.ts';

/** The page as the agent is told of it, without what its address carries besides: it is often nobody's business. */
export function currentPage(): PageView {
  const { origin, pathname, search } = closeAddress(new URL(location.href));
  const title = rules.maskText || document.querySelector('title[data-mostrador-mask]') ? '' : document.title;
  return { url: (origin + pathname + search).slice(0, 2_048), title: title.slice(0, 300) };
}

/** Calls when the address or the title changes without a page load. Returns its own unsubscribe. */
export function watchPage(listener: (page: PageView) => void): () => void {
  let last = JSON.stringify(currentPage());
  const look = (): void => {
    const page = currentPage();
    const next = JSON.stringify(page);
    if (next !== last) listener(page);
    last = next;
  };
  // A title set anew is a change of its element's text, which scripts make a moment after the address.
  const titles = new MutationObserver(look);
  titles.observe(document.head, { subtree: true, childList: true, characterData: true });
  const navigation = 'navigation' in window ? window.navigation : null;
  navigation?.addEventListener('currententrychange', look);
  addEventListener('popstate', look);
  return () => {
    titles.disconnect();
    navigation?.removeEventListener('currententrychange', look);
    removeEventListener('popstate', look);
  };
}
