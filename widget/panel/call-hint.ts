import type { Counter } from './counter.svelte.ts';
import { words } from './words.ts';

/** Why a call cannot be begun just now, as a person would say it; null where it can. */
export function callHint(counter: Counter): string | null {
  const { media } = counter;
  if (counter.steps && counter.steps.call.scene.at !== 'none') return words.menu_in_call();
  if (counter.status !== 'open') return words.menu_offline();
  switch (media.status) {
    case 'ready':
      return null;
    case 'unavailable':
    case 'draining':
      return words.calls_unavailable();
    case 'preparing': {
      if (media.done === undefined || !media.total) return words.calls_preparing();
      return words.calls_preparing_percent({ percent: Math.floor((100 * media.done) / media.total) });
    }
  }
}

/** Why the page cannot be shown just now; null where it can. */
export function pageHint(counter: Counter): string | null {
  if (counter.status !== 'open') return words.menu_offline();
  return counter.view?.agent ? null : words.menu_no_agent();
}

export function canShareScreens(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}
