import type { Static, TSchema } from "typebox";

import type { Words } from "./words.ts";

/** JSON text that SQL made: of a value that fits `T`. */
export type Json<T> = string & { readonly json: T };

/** What a parameter or a column holds. `?` allows null; a schema means JSON text made by the statement. */
type Column =
  | "text"
  | "text?"
  | "integer"
  | "integer?"
  | { readonly oneOf: readonly string[] }
  | { readonly json: TSchema };
export type Shape = Readonly<Record<string, Column>>;

type TypeOf<C extends Column> = C extends "text"
  ? string
  : C extends "text?"
    ? string | null
    : C extends "integer"
      ? number
      : C extends "integer?"
        ? number | null
        : C extends { readonly oneOf: readonly (infer Word)[] }
          ? Word
          : C extends { readonly json: infer S extends TSchema }
            ? Json<Static<S>>
            : never;

export type RowOf<S extends Shape> = { readonly [K in keyof S]: TypeOf<S[K]> };

/**
 * One SQL statement for both engines. `sql` is written once, with `$name` for each parameter; where the engines differ
 * it takes the engine's word from `words`. It is compiled once and runs prepared.
 */
export interface Statement<P extends Shape = Shape, R extends Shape = Shape> {
  /** Under this it is prepared on PostgreSQL; empty for what is run but once. */
  readonly name: string;
  readonly params: P;
  readonly row: R;
  readonly sql: (words: Words) => string;
  /** Whether it may look at very many rows: then it runs where nobody else waits for it. Reads only. */
  readonly slow?: boolean;
  /** The one engine that understands it; both, unless said. */
  readonly engine?: "postgres";
}

export function statement<const P extends Shape, const R extends Shape>(definition: Statement<P, R>): Statement<P, R> {
  return definition;
}

export interface Compiled {
  readonly sql: string;
  /** Parameter names in the order of their numbers. */
  readonly names: readonly string[];
}

const PARAMETER = /\$([a-z_]+)/g;

/** Turns `$name` into the engine's numbered parameters, one number a name. */
export function compile(definition: Statement, words: Words): Compiled {
  const names: string[] = [];
  const sql = definition.sql(words).replace(PARAMETER, (_, name: string) => {
    if (!(name in definition.params)) throw new Error(`statement ${definition.name}: $${name} is not among its params`);
    if (!names.includes(name)) names.push(name);
    return words.parameter(names.indexOf(name) + 1);
  });
  const unused = Object.keys(definition.params).filter((name) => !names.includes(name));
  if (unused.length > 0) throw new Error(`statement ${definition.name}: ${unused.join(", ")} stands in no place`);
  return { sql, names };
}
