import { TryLater } from "../try-later.ts";
import type { RowOf, Shape, Statement } from "./statement.ts";
import type { Transaction } from "./transaction.ts";

/** A database of either engine, open. */
export interface Database {
  /** Reads rows outside a transaction: one statement, one snapshot. */
  all<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>): Promise<readonly RowOf<R>[]>;
  /** Reads the first row, if any. */
  first<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>): Promise<RowOf<R> | undefined>;
  /**
   * Runs a body as one transaction; resolves after it is on disk.
   * @throws what the body throws, after rolling it back; `Unavailable` when the database cannot take it now
   */
  write<T>(body: () => Transaction<T>): Promise<T>;
  /** Waits for the writes under way, then closes. */
  close(): Promise<void>;
}

/** The database cannot take this now: too many writes wait, another process holds the lock, or the disk is full. */
export class Unavailable extends TryLater {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 1, options);
  }
}
