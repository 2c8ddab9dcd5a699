/** What a parsed JSON value is. */

export type Fields = Record<string, unknown>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A node's or stylesheet's number. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= 0xffffffff;
}

/** Told of what our own recorder never says: a wrong type, a number that is none, a list that is something else. */
export type Faults = { count: number };

/** The members of a list that `read` understands; the others are faults. A list may be left out. */
export function list<T>(value: unknown, read: (fields: Fields) => T | null, faults?: Faults): T[] {
  if (!Array.isArray(value)) {
    if (faults && value !== undefined) faults.count += 1;
    return [];
  }
  return value.flatMap((member: unknown) => {
    const known = isRecord(member) ? read(member) : null;
    if (known === null && faults) faults.count += 1;
    return known ?? [];
  });
}
