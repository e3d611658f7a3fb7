import type { DatabaseSync, StatementSync } from "node:sqlite";

/**
 * One read transaction for the reads of one turn of the event loop: to take and give back SQLite's lock costs as much as a
 * small read. It ends with the turn, before the next write begins, so nobody reads what has been superseded since.
 */
export class SharedSnapshot {
  readonly #connection: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
    this.#begin = connection.prepare("begin");
    this.#commit = connection.prepare("commit");
  }

  /** Makes sure that reads from now to the end of this turn share a transaction. */
  begin(): void {
    if (this.#connection.isTransaction) return;
    this.#begin.run();
    setImmediate(() => this.end());
  }

  end(): void {
    if (this.#connection.isOpen && this.#connection.isTransaction) this.#commit.run();
  }
}
