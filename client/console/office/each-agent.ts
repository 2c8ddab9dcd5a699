/** Something of the office that outlives its screen, with what is written in it. */
type Kept = { readonly anyUnsaved: boolean };

const begins: (() => Kept)[] = [];
let now: Kept[] = [];

/** It belongs to one agent: `begin` makes it now, and anew when another agent comes to this page. */
export function forEachAgent(begin: () => Kept): void {
  begins.push(begin);
  now.push(begin());
}

/** Nothing of what was written and not saved stays for whoever comes next. */
export function beginAnew(): void {
  now = begins.map((begin) => begin());
}

export function anythingUnsaved(): boolean {
  return now.some(({ anyUnsaved }) => anyUnsaved);
}
