/** Everything that only a call needs; loaded when the first one rings or is wanted. */
export { createCallSession, OwnMedia } from '../../client/core/call/index.ts';
export { default as CallStage } from './CallStage.svelte';
export { default as PreviewCard } from './PreviewCard.svelte';
export { default as RingCard } from './RingCard.svelte';
export { default as ScreenCard } from './ScreenCard.svelte';
export { default as css } from './call.css?inline';
export { ownMedia } from './device-memory.ts';
