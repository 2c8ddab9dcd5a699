/** The question whether something may be recorded; loaded when it is asked. */
export { default as RecordingCard } from './RecordingCard.svelte';
export { loadRecordingWords } from './words.ts';
