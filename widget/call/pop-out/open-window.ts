import { whenApart } from '../../panel/steps/apart.ts';
import type { CallStep } from '../../panel/steps/call-step.svelte.ts';
import { CALL_WINDOW } from './handshake.ts';

/**
 * Opens the call's own window, from a click. It is a page of the service, not of the shop, so that no page load of the
 * shop touches it; the browser's picture-in-picture windows would go with the page that opened them. The window says
 * that it is there, and only then, only to it, and only to the service's origin, the pass is handed on.
 * @returns false where the browser did not open it. `apart`: it is open and cannot be reached.
 */
export function openCallWindow(step: CallStep, apart: () => void): boolean {
  const { origin } = step;
  const opened = window.open(`${origin}/call/`, CALL_WINDOW, 'popup,width=440,height=620');
  if (!opened) return false;
  const pass = step.pass();
  whenApart(opened, apart);
  const onMessage = (event: MessageEvent): void => {
    if (event.source !== opened || event.origin !== origin || event.data !== CALL_WINDOW) return;
    removeEventListener('message', onMessage);
    pass.then(
      (handed) => opened.postMessage(handed, origin),
      () => opened.close(),
    );
  };
  addEventListener('message', onMessage);
  return true;
}
