import { sql, type Compilable, type RawBuilder } from 'kysely';
import type { Statement, Value } from './executor.ts';

/** Stands in a query for a value that comes later. */
class Parameter {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Compiles a query once: for an append Kysely takes some 30 µs, for filling in the values it is one.
 * `build` is given an object whose properties stand for the values; the result makes a statement of real ones.
 */
export function prepare<Values extends Record<string, Value>, Row>(
  build: (parameters: Values) => Compilable<Row>,
): (values: Values) => Statement<Row> {
  const standIns = new Proxy<Values>(Object.create(null), { get: (_, name) => new Parameter(String(name)) });
  const query = build(standIns);
  const { parameters: slots, ...compiled } = compile(query);
  return (values) => ({
    ...compiled,
    parameters: slots.map((slot) => asValue(slot instanceof Parameter ? values[slot.name] : slot)),
  });
}

/** A query whose values are in it already. */
export function statement<Row>(query: Compilable<Row>): Statement<Row> {
  const { parameters, ...compiled } = compile(query);
  return { ...compiled, parameters: parameters.map(asValue) };
}

function compile(query: Compilable): { sql: string; parameters: readonly unknown[]; writes: boolean } {
  const { sql, parameters, query: root } = query.compile();
  return { sql, parameters, writes: root.kind !== 'SelectQueryNode' };
}

function asValue(value: unknown): Value {
  // PostgreSQL has no text with a NUL in it; what a stranger writes must not be refused for it on one engine alone.
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
  if (typeof value === 'number' || value === null) return value;
  throw new TypeError(`No engine is given a value of type ${typeof value}`);
}

/** The named columns of a row (or of the parameters that stand for one). */
export function pick<Row, Name extends keyof Row>(row: Row, names: readonly Name[]): Pick<Row, Name> {
  const picked: Pick<Row, Name> = Object.create(null);
  for (const name of names) picked[name] = row[name];
  return picked;
}

/** For an upsert: each named column becomes what the insert wanted it to be. */
export function excluded<Name extends string>(names: readonly Name[]): Record<Name, RawBuilder<never>> {
  const columns: Record<Name, RawBuilder<never>> = Object.create(null);
  for (const name of names) columns[name] = sql.ref(`excluded.${name}`);
  return columns;
}
