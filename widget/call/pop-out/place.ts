import type { Counter } from '../../panel/counter.svelte.ts';

/** Of a counter only what a call needs wherever it is shown. */
export type CallPlace = Pick<Counter, 'agentName' | 'latest' | 'media' | 'status' | 'show'>;
