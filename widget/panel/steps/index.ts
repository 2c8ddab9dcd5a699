/** What lies above the chat on the ladder (calls, showing the page) and ending it; loaded when the first step is near. */
export { wayOut } from './give-way.ts';
export { stepSentence } from './step-sentences.ts';
export { Steps } from './steps.svelte.ts';
export { default as Cards } from './Cards.svelte';
export { default as Stage } from './Stage.svelte';
export { default as StepMenu } from './StepMenu.svelte';
export { default as css } from './steps.css?inline';
