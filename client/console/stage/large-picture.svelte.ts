import { largePicture, type Picture } from './pictures.ts';

/**
 * Which picture stands large. Whatever has just come (a screen, the page) is what both are talking about now; the agent
 * may choose another one. To be made while a component is set up. `conversation`: the one that is shown.
 */
export function largeOf(
  conversation: () => string | null,
  pictures: () => readonly Picture[],
): { readonly now: Picture | null; choose(picture: Picture): void } {
  let chosen = $state<Picture | null>(null);
  let before: { id: string | null; pictures: readonly Picture[] } = { id: null, pictures: [] };
  const now = $derived(largePicture(pictures(), chosen));
  $effect(() => {
    const there = pictures();
    const id = conversation();
    const known = before.id === id ? before.pictures : [];
    if (before.id !== id) chosen = null;
    const came = there.find((picture) => picture !== 'face' && !known.includes(picture));
    if (came && known.length > 0) chosen = came;
    before = { id, pictures: there };
  });
  return {
    get now() {
      return now;
    },
    choose: (picture) => (chosen = picture),
  };
}
