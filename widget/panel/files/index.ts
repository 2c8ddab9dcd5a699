/** Sending and showing files; loaded when one is chosen, or when the thread has one. */
export { Files } from './files.svelte.ts';
export { problemSentence } from './problem-sentence.ts';
export { default as FileBubble } from './FileBubble.svelte';
export { default as OnTheWay } from './OnTheWay.svelte';
export { default as css } from './files.css?inline';
