/** Of positions, those that may stay where they are when the others move: a longest ascending run. */
export function longestRun(positions: readonly number[]): Set<number> {
  const tails: number[] = [];
  const before: number[] = [];
  positions.forEach((position, at) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[tails[middle] ?? 0] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = at;
  });
  const run = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) run.add(positions[at] ?? 0);
  return run;
}
