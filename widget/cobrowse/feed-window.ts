/**
 * Feeds the window in which the shopper sees what the agent sees, which is a page of the service with the agents' own
 * replay in it, with copies of the frames that have left this page. Loaded when the shopper asks for it.
 */
import type { LeftListener } from './left.ts';
import { isAsking, type Answer } from './window-words.ts';

export type WindowFeed = {
  /** Who looks. */
  name: string;
  locale: string;
  watch(listener: LeftListener): void;
  /** The window lacks something. */
  askSnapshot(): void;
};

/** `origin`: the service's. Returns how to end it: the window says then that nothing is seen any more. */
export function feedWindow(origin: string, feed: WindowFeed): () => void {
  let fed: { window: MessageEventSource; load: string } | null = null;
  const tell = (to: MessageEventSource, answer: Answer) => to.postMessage(answer, { targetOrigin: origin });
  const hear = ({ source, origin: from, data }: MessageEvent<unknown>): void => {
    if (!source || from !== origin || !isAsking(data)) return;
    tell(source, { here: { name: feed.name, locale: feed.locale } });
    if (fed?.load !== data.load) {
      fed = { window: source, load: data.load };
      feed.watch(({ buffer }) => tell(source, { frame: buffer }));
    } else if (data.gap) feed.askSnapshot();
  };
  addEventListener('message', hear);
  return () => {
    removeEventListener('message', hear);
    feed.watch(null);
    if (fed) tell(fed.window, { over: true });
  };
}
