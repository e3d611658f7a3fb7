import { realpath, stat } from "node:fs/promises";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { setImmediate as turn } from "node:timers/promises";

import { connect, connectionConfig } from "../db/postgres/connection.ts";
import { createQueries } from "../db/postgres/query.ts";
import { postgresWords } from "../db/postgres/words.ts";
import { sqliteWords } from "../db/sqlite/words.ts";
import { compile, type RowOf, type Shape, type Statement } from "../db/statement.ts";
import type { Params, Row } from "../db/transaction.ts";
import { problemOf } from "./copy-problem.ts";
import type { Readable } from "./pages.ts";
import { nameOf, type Place, POSTGRES } from "./place.ts";
import { UNTIMED } from "./untimed.ts";

/** A database as it is at one moment, however long it is read: others may go on writing to it. */
export interface Snapshot extends Readable {
  /** What to call it before people, and by which a copy remembers its source. Holds no password. */
  readonly name: string;
  /** Two that have this in common are the same database. */
  readonly identity: string;
  close(): Promise<void>;
}

interface Connection {
  readonly words: Readable["words"];
  run(statement: Statement, params: Params): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/**
 * Opens a database to read it, and changes nothing in it.
 * @param role what it is in the copy, for the messages: "source"
 * @throws CopyProblem where it cannot be opened; so does each read that fails
 */
export async function openSnapshot(place: Place, role: string): Promise<Snapshot> {
  const side = `The ${role} ${nameOf(place)}`;
  try {
    const connection = place.kind === "file" ? openFile(place.path) : await openClient(place.url);
    const all = async <P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>) => {
      try {
        return (await connection.run(statement, params)) as readonly RowOf<R>[];
      } catch (error) {
        throw problemOf(side, error);
      }
    };
    try {
      const told = place.kind === "file" ? await fileIdentity(place.path) : await schemaIdentity({ all });
      return { words: connection.words, all, ...told, name: nameOf(place, told.schema), close: connection.close };
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    throw problemOf(side, error);
  }
}

function openFile(path: string): Connection {
  const connection = new DatabaseSync(path, { readOnly: true });
  const prepared = new WeakMap<Statement, { readonly run: StatementSync; readonly names: readonly string[] }>();
  const prepare = (statement: Statement) => {
    const { sql, names } = compile(statement, sqliteWords);
    const made = { run: connection.prepare(sql), names };
    prepared.set(statement, made);
    return made;
  };
  // The snapshot is of the first read.
  connection.exec("begin; select count(*) from sqlite_schema");
  return {
    words: sqliteWords,
    async run(statement, params) {
      // SQLite answers at once: without a pause nobody would hear of Ctrl-C.
      await turn();
      const { run, names } = prepared.get(statement) ?? prepare(statement);
      return run.all(...names.map((name) => params[name] ?? null));
    },
    close: async () => connection.close(),
  };
}

async function openClient(url: string): Promise<Connection> {
  const client = await connect(connectionConfig(url, POSTGRES));
  const query = createQueries(false);
  try {
    await client.query("begin transaction isolation level repeatable read, read only");
    await client.query(UNTIMED);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    words: postgresWords,
    async run(statement, params) {
      const asked = query(statement, params);
      return asked === undefined ? [] : (await client.query<Row>(asked)).rows;
    },
    close: () => client.end(),
  };
}

async function fileIdentity(path: string): Promise<{ readonly identity: string; readonly schema?: string }> {
  const { dev, ino } = await stat(await realpath(path));
  return { identity: `${dev} ${ino}` };
}

async function schemaIdentity({ all }: Pick<Readable, "all">) {
  const [found] = await all(whichSchema, {});
  if (found === undefined) throw new Error("PostgreSQL did not say which database it is");
  return found;
}

/** The moment a server started tells it from all others. */
const whichSchema: Statement<{}, { readonly identity: "text"; readonly schema: "text" }> = {
  name: "",
  params: {},
  row: { identity: "text", schema: "text" },
  sql: () => `
    select concat_ws(' ', pg_postmaster_start_time(), d.oid, current_schema()) as identity,
      coalesce(current_schema(), '') as schema
    from pg_database d where d.datname = current_database()`,
};
