/** What can stand large on the stage. */
export type Picture = 'page' | 'screen' | 'face';

/** What there is to see; the newest kind comes first by itself, as long as the agent has not chosen another one. */
export function picturesOf(there: { page: boolean; screen: boolean; face: boolean }): Picture[] {
  const order: Picture[] = ['screen', 'page', 'face'];
  return order.filter((picture) => there[picture]);
}

export function largePicture(pictures: readonly Picture[], chosen: Picture | null): Picture | null {
  return chosen && pictures.includes(chosen) ? chosen : (pictures[0] ?? null);
}
