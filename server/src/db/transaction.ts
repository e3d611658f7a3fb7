import type { RowOf, Shape, Statement } from "./statement.ts";

export type Value = string | number | null;
export type Params = Readonly<Record<string, Value>>;
export type Row = Readonly<Record<string, unknown>>;

interface Step {
  readonly statement: Statement;
  readonly params: Params;
}

/**
 * A transaction's body: it yields statements and gets their rows. It can await nothing else, so no transaction ever waits
 * for anything but the database. Throwing rolls the body back, and it alone.
 */
export type Transaction<T> = Generator<Step, T, readonly Row[]>;

/** Runs one statement inside a transaction. */
export function* all<P extends Shape, R extends Shape>(
  statement: Statement<P, R>,
  params: RowOf<P>,
): Transaction<readonly RowOf<R>[]> {
  // The driver's edge: a test compares every statement's columns with its row.
  return (yield { statement, params }) as readonly RowOf<R>[];
}

/** Runs one statement inside a transaction and takes its first row, if any. */
export function* first<P extends Shape, R extends Shape>(
  statement: Statement<P, R>,
  params: RowOf<P>,
): Transaction<RowOf<R> | undefined> {
  return (yield* all(statement, params))[0];
}
