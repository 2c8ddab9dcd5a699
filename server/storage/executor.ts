/** What every engine stores as it is; anything richer is written as JSON text. */
export type Value = string | number | null;

/** A compiled query with its values. Plain data: it can be posted to a thread. */
export type Statement<Row = unknown> = {
  readonly sql: string;
  readonly parameters: readonly Value[];
  readonly writes: boolean;
  /** Never there; carries the type of the rows that the statement answers with. */
  readonly row?: Row;
};

/** What differs between the engines. */
export interface Executor {
  /**
   * Runs the statements in order, all or nothing, and gives the rows of each.
   * Resolves when what they wrote is durable; rejects with an `Error` when the engine refuses one of them,
   * with a `StorageError` when the storage is closed or its engine has gone.
   */
  run(statements: readonly Statement[]): Promise<unknown[][]>;
  /** Waits for what is under way. May be called twice. */
  close(): Promise<void>;
}

export async function allRows<Row>(executor: Executor, statement: Statement<Row>): Promise<Row[]> {
  const [rows] = await executor.run([statement]);
  // The engine answers with what the statement asks for, and the statement carries the type of that.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (rows ?? []) as Row[];
}

export async function firstRow<Row>(executor: Executor, statement: Statement<Row>): Promise<Row | null> {
  const rows = await allRows(executor, statement);
  return rows[0] ?? null;
}
