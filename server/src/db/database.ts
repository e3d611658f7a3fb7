import { TryLater } from "../try-later.ts";
import type { RowOf, Shape, Statement } from "./statement.ts";
import type { Transaction } from "./transaction.ts";
import type { Words } from "./words.ts";

/** A database of either engine, open. */
export interface Database {
  /** How its engine says things. */
  readonly words: Words;
  /** Reads rows outside a transaction: one statement, one snapshot. */
  all<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>): Promise<readonly RowOf<R>[]>;
  /** Reads the first row, if any. */
  first<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>): Promise<RowOf<R> | undefined>;
  /**
   * Runs a body as one transaction; resolves after it is on disk. The body may be run again where it ran into another one.
   * @throws what the body throws, after rolling it back; `Unavailable` when the database cannot take it now, or when the
   * connection was lost and nobody knows whether it is on disk
   */
  write<T>(body: () => Transaction<T>): Promise<T>;
  /**
   * Does what a transaction's body would do in one statement, where the engine has such a one: then it is one round trip.
   * @returns the row it answers; undefined where nothing was done, and `write` is to do it or to say why not
   * @throws Unavailable as `write` does
   */
  atOnce<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>): Promise<RowOf<R> | undefined>;
  /** The same as `write` without a deadline, for migrations: it waits its turn and takes its time. */
  writeAtLength<T>(body: () => Transaction<T>): Promise<T>;
  /** Waits for the writes under way, then closes. */
  close(): Promise<void>;
}

/** The database cannot take this now: too many wait, it is locked, out of reach or full. */
export class Unavailable extends TryLater {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 1, options);
  }
}
