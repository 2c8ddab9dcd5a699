import type { HandedCall } from '../../panel/steps/call-step.svelte.ts';

/** The window's name, and what it says to its opener when it is there. */
export const CALL_WINDOW = 'mostrador-call';

const ANSWER_WITHIN_MS = 8_000;

/**
 * Asks the page that opened this window for the call. `from` is the origin that answered: the server compares it with
 * the one that it gave the pass to, so a stranger's page has nothing to give. Null: nobody answers.
 */
export async function askOpener(): Promise<{ handed: HandedCall; from: string } | null> {
  const opener = window.opener as Window | null;
  // A pass is good once: a window that is loaded again has lost its call to the page.
  if (!opener || performance.getEntriesByType('navigation').some((entry) => 'type' in entry && entry.type === 'reload'))
    return null;
  return await new Promise((resolve) => {
    const finish = (answer: { handed: HandedCall; from: string } | null): void => {
      clearTimeout(late);
      removeEventListener('message', onMessage);
      resolve(answer);
    };
    const onMessage = ({ source, origin, data }: MessageEvent): void => {
      if (source === opener && isHanded(data)) finish({ handed: data, from: origin });
    };
    const late = setTimeout(() => finish(null), ANSWER_WITHIN_MS);
    addEventListener('message', onMessage);
    // To whoever it is: there is nothing in it.
    opener.postMessage(CALL_WINDOW, '*');
  });
}

function isHanded(data: unknown): data is HandedCall {
  if (typeof data !== 'object' || data === null) return false;
  const { pass, shop, locale } = data as Record<string, unknown>;
  return typeof pass === 'string' && typeof shop === 'string' && (locale === 'en' || locale === 'es');
}
