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

interface CompiledQuery {
  readonly text: string;
  readonly names: readonly string[];
  readonly isInsert: boolean;
}

/**
 * Turns statements into queries: each is compiled once. Undefined for one that looks for a text with a zero character: in
 * PostgreSQL no text has one, and it takes none, not even to compare.
 */
export function createQueries(isNamed: boolean): (statement: Statement, params: Params) => Query | undefined {
  const compiled = new WeakMap<Statement, CompiledQuery>();
  return (statement, params) => {
    let found = compiled.get(statement);
    if (found === undefined) {
      const { sql, names } = compile(statement, postgresWords);
      found = { text: sql, names, isInsert: /^\s*insert\b/i.test(sql) };
      compiled.set(statement, found);
    }
    const values = found.names.map((name) => params[name] ?? null);
    if (!found.isInsert && values.some((value) => typeof value === "string" && value.includes("\0"))) return undefined;
    return isNamed && statement.name !== ""
      ? { name: statement.name, text: found.text, values }
      : { text: found.text, values };
  };
}
