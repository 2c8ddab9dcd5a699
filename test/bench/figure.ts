/** One measured thing beside the bare one, taken in the same run. `bare` null: there is nothing bare to compare with. */
export type Figure = {
  name: string;
  unit: string;
  ours: number;
  bare: number | null;
  /** ours / bare. */
  ratio: number | null;
  /** How far single measurements lie apart: half the distance of the quartiles, in `unit`. */
  spread: number;
  /** What was compared, for people. */
  note: string;
};

export type Benchmark = { names: string[]; run: () => Promise<Figure[]> };

/** A figure of several measurements: the medians. */
export function figure(
  name: string,
  unit: string,
  measured: { ours: readonly number[]; bare: readonly number[] | null },
  note: string,
): Figure {
  const ours = quantile(measured.ours, 0.5);
  const bare = measured.bare ? quantile(measured.bare, 0.5) : null;
  const spread = (quantile(measured.ours, 0.75) - quantile(measured.ours, 0.25)) / 2;
  return { name, unit, ours, bare, ratio: bare ? ours / bare : null, spread, note };
}

/** By linear interpolation between the closest ranks. `q` from 0 to 1. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
