import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problemSentence } from '../../client/console/stage/problem-words.ts';
import { loadWords as loadConsoleWords } from '../../client/console/words.ts';
import type { CallState, DeviceProblem } from '../../client/core/call/session.ts';
import { deviceSentence } from '../../widget/call/device-sentence.ts';
import { loadStepWords, loadWords } from '../../widget/panel/words.ts';

type Source = NonNullable<CallState['problem']>['source'];
const STANDS_IN_THE_WAY = ['denied', 'dismissed', 'missing', 'in-use', 'insecure', 'unsupported', 'failed'] as const;
const BROWSERS = {
  chrome: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
};

function inBrowser(userAgent: string, coarse = false): void {
  vi.stubGlobal('navigator', { userAgent, languages: [] });
  vi.stubGlobal('matchMedia', () => ({ matches: coarse }));
}

beforeEach(() => {
  vi.stubGlobal('document', { documentElement: {} });
  inBrowser(BROWSERS.chrome);
});
afterEach(() => vi.unstubAllGlobals());

const SAY: [string, string, (source: Source, problem: DeviceProblem) => string | null][] = ['en', 'es'].flatMap(
  (language): typeof SAY => [
    ['the shopper', language, (source, problem) => deviceSentence({ source, problem })],
    ['the agent', language, problemSentence],
  ],
);

describe('promise 13: what stands in the way is said with the way out', () => {
  it.each(SAY)('to %s, in %s, a sentence of its own for each reason, and for each device', async (_, language, say) => {
    await loadWords(language as 'en' | 'es');
    await loadStepWords(language as 'en' | 'es');
    await loadConsoleWords([language]);
    for (const source of ['microphone', 'camera'] as const) {
      const said = STANDS_IN_THE_WAY.map((problem) => say(source, problem));
      expect(new Set(said).size).toBe(STANDS_IN_THE_WAY.length);
      for (const sentence of said) expect(sentence).toMatch(/\S+ \S+ \S+.*\.$/);
    }
    for (const problem of ['denied', 'dismissed', 'missing', 'in-use'] as const) {
      expect(say('camera', problem)).not.toBe(say('microphone', problem));
    }
    // A screen that somebody of the same side shares already, and one that the system keeps to itself.
    expect(say('screen', 'taken')).not.toBe(say('screen', 'denied'));

    // Where to allow it is another place in each browser.
    const places = [...Object.values(BROWSERS), null].map((agent) => {
      inBrowser(agent ?? BROWSERS.chrome, agent === null);
      return say('camera', 'denied');
    });
    expect(new Set(places).size).toBe(4);
  });
});
