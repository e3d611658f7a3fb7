import { compile, type Statement } from "../statement.ts";
import type { Params, Value } from "../transaction.ts";
import { postgresWords } from "./words.ts";

/** A statement with its values, as the driver takes it. */
export interface Query {
  /** Under this name it is prepared once a connection; left out, it is planned each time. */
  readonly name?: string;
  readonly text: string;
  readonly values: Value[];
}

/** Turns statements into queries: each is compiled once. */
export function createQueries(isNamed: boolean): (statement: Statement, params: Params) => Query {
  const compiled = new WeakMap<Statement, { readonly text: string; readonly names: readonly string[] }>();
  return (statement, params) => {
    let found = compiled.get(statement);
    if (found === undefined) {
      const { sql, names } = compile(statement, postgresWords);
      found = { text: sql, names };
      compiled.set(statement, found);
    }
    const values = found.names.map((name) => params[name] ?? null);
    return isNamed && statement.name !== ""
      ? { name: statement.name, text: found.text, values }
      : { text: found.text, values };
  };
}
