import { RANGE } from './words.ts';

/** Node numbers have 32 bits. */
const RANGES = 255;
let given = 0;

/** A range of node numbers, of the outermost page. Not given again before all others were. */
export function nextRange(): number {
  given = (given % RANGES) + 1;
  // From the far end: the outermost page counts up from 1.
  return (RANGES + 1 - given) * RANGE;
}
