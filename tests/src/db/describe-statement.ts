import type { Client, Connection, Submittable } from "pg";

/**
 * Has PostgreSQL prepare a statement and say what it answers; nothing runs.
 * @returns the names of its columns
 * @throws the database's error where it does not take the statement
 */
export function describeStatement(client: Client, sql: string): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  client.query(new Description(sql, resolve, reject));
  return promise;
}

/** A query of the driver that stops before its execution. The driver calls the methods as the answers come in. */
class Description implements Submittable {
  readonly #sql: string;
  readonly #resolve: (columns: string[]) => void;
  readonly #reject: (error: Error) => void;
  #columns: string[] = [];

  constructor(sql: string, resolve: (columns: string[]) => void, reject: (error: Error) => void) {
    this.#sql = sql;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    connection.parse({ name: "", text: this.#sql, types: [] }, true);
    connection.describe({ type: "S", name: "" }, true);
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly name: string }[] }): void {
    this.#columns = fields.map(({ name }) => name);
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#columns);
  }
}
