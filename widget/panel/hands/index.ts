/** Helping hands as the shopper's chat shows them: the question, the sign, the record; loaded when they are near. */
import type { SharedPage } from '../../cobrowse/index.ts';
import type { Desk } from '../steps/desk.ts';
import Card from './HandsCard.svelte';
import { HandsStep } from './hands-step.svelte.ts';
import { loadHandsWords, noteSentence } from './sentences.ts';
import Strip from './HandsStrip.svelte';

/** With the words in the shopper's language. */
export async function loadHands() {
  await loadHandsWords();
  const open = (desk: Desk, page: () => SharedPage | null) => new HandsStep(desk, page);
  return { Card, Strip, open, noteSentence };
}
