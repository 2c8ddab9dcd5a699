import type { FrameWord } from '../cobrowse/inner/words.ts';

export type AroundHandlers = {
  /** Whether this page has the widget, as soon as that is known. */
  here: Promise<boolean>;
  /** A page around this one has the widget. */
  onAround: () => void;
  /** A page around this one asks for its picture. Whether it may is not looked at yet. */
  onRecord: (event: MessageEvent<FrameWord>) => void;
};

/**
 * Hears of the pages around this one, where it is shown in a frame, and of those inside its own. Nothing is trusted here but
 * which window it is: whoever is around a page could hide it as well.
 */
export function listenAround(key: string, { here, onAround, onRecord }: AroundHandlers): void {
  const around: unknown[] = [];
  const say = (to: MessageEventSource, word: FrameWord['word']): void =>
    to.postMessage({ mostrador: key, word } satisfies FrameWord, { targetOrigin: '*' });
  addEventListener('message', (event: MessageEvent<FrameWord | null>) => {
    const { data, source } = event;
    if (data?.mostrador !== key || !source) return;
    if (data.word === 'hello') void here.then((is) => is && say(source, 'here'));
    else if (!around.includes(source)) return;
    else if (data.word === 'here') onAround();
    else if (data.word === 'who') say(source, 'hello');
    else if (data.word === 'record') onRecord(event as MessageEvent<FrameWord>);
  });
  for (let at: Window = window; at !== at.parent; say(at, 'hello')) around.push((at = at.parent));
  // Those that were there before this script.
  const sayHere = async (): Promise<void> => {
    if (!(await here)) return;
    for (let at = 0; at < window.length; at += 1) say(window[at] as Window, 'here');
  };
  void sayHere();
}
