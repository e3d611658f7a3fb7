import { DatabaseSync, type StatementSync } from "node:sqlite";

import { type Database, Unavailable } from "../database.ts";
import { GroupCommit } from "./group-commit.ts";
import { SharedSnapshot } from "./shared-snapshot.ts";
import { SlowReads } from "./slow-reads.ts";
import { isTransient } from "./errors.ts";
import { compile, type RowOf, type Shape, type Statement } from "../statement.ts";
import type { Params, Row, Transaction, Value } from "../transaction.ts";
import { sqliteWords } from "./words.ts";

/** How long a write waits for another process's write, in milliseconds; this process answers nobody meanwhile. */
const BUSY_TIMEOUT_MS = 2000;

interface Prepared {
  readonly run: StatementSync;
  readonly sql: string;
  readonly names: readonly string[];
}

export interface SqliteDatabase extends Database {
  /** For migrations, checks and tests, which look at the schema itself. */
  readonly connection: DatabaseSync;
}

/** Opens (or creates) an SQLite file; `:memory:` for one that is gone at close. */
export function openSqlite(path: string): SqliteDatabase {
  const connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  // What is erased is overwritten in the file.
  connection.exec(
    "pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16000; pragma secure_delete = on",
  );

  const prepared = new WeakMap<Statement, Prepared>();
  const prepare = (statement: Statement): Prepared => {
    let found = prepared.get(statement);
    if (found === undefined) {
      const { sql, names } = compile(statement, sqliteWords);
      found = { run: connection.prepare(sql), sql, names };
      prepared.set(statement, found);
    }
    return found;
  };

  const valuesOf = ({ names }: Prepared, params: Params) => names.map((name): Value => params[name] ?? null);
  const execute = (statement: Statement, params: Params): readonly Row[] => {
    const found = prepare(statement);
    return found.run.all(...valuesOf(found, params));
  };

  const commits = new GroupCommit(connection, (body: Transaction<unknown>) => {
    let step = body.next();
    while (!step.done) step = body.next(execute(step.value.statement, step.value.params));
    return step.value;
  });

  const snapshot = new SharedSnapshot(connection);
  // A database in memory is seen by its own connection alone.
  const slowReads = path === ":memory:" ? undefined : new SlowReads(path);
  const read = (statement: Statement, params: Params): readonly Row[] | Promise<readonly Row[]> => {
    try {
      if (statement.slow !== true || slowReads === undefined) {
        snapshot.begin();
        return execute(statement, params);
      }
      const found = prepare(statement);
      return slowReads.read(found.sql, valuesOf(found, params));
    } catch (error) {
      throw isTransient(error) ? new Unavailable("The database is busy.", { cause: error }) : error;
    }
  };

  return {
    words: sqliteWords,
    connection,
    async all<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>) {
      return (await read(statement, params)) as readonly RowOf<R>[];
    },
    async first<P extends Shape, R extends Shape>(statement: Statement<P, R>, params: RowOf<P>) {
      return (await read(statement, params))[0] as RowOf<R> | undefined;
    },
    write: (body) => commits.write(body),
    // A round trip costs nothing here: the body does as well.
    atOnce: async () => undefined,
    writeAtLength: (body) => commits.write(body),
    async close() {
      await slowReads?.close();
      await commits.idle();
      snapshot.end();
      connection.close();
    },
  };
}
