/** Hours, topics and the place in the line; loaded when the panel is first open. */
export { default as Line } from './Line.svelte';
export { default as css } from './line.css?inline';
