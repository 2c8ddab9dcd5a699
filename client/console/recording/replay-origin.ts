import { createContext } from 'svelte';

/** Where the replay page is served, for whatever below the desk shows a page. */
export const [replayOrigin, provideReplayOrigin] = createContext<() => string>();
