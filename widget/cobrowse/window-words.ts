/** What the shopper's page and the window with the agent's picture say to each other. */

/** The window, to the page that opened it: every second, since it may be another page by then. */
export type Asking = {
  mostrador: 'seen';
  /** Names one load of the window: it has nothing yet. */
  load: string;
  /** It lacks something of what it has got. */
  gap: boolean;
};

/** The page, to the window: it is there · a frame as it has left · the agent sees nothing any more. */
export type Answer = { here: { name: string; locale: string } } | { frame: ArrayBuffer } | { over: true };

export function isAsking(data: unknown): data is Asking {
  if (typeof data !== 'object' || data === null) return false;
  const { mostrador, load } = data as Partial<Asking>;
  return mostrador === 'seen' && typeof load === 'string';
}
