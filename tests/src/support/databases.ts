import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

import { Client, type ClientConfig } from "pg";

/** The server of the run, and what the schemas of the run begin with; `npm test` sets both for a column of PostgreSQL. */
const { EARSHOT_TEST_DATABASE_URL: SERVER, EARSHOT_TEST_SCHEMA_PREFIX: PREFIX = "earshot_test" } = process.env;

type Engine = "sqlite" | "postgres";

/** The engine that the tests of this process run on. */
export const engine: Engine = SERVER === undefined ? "sqlite" : "postgres";

interface SkipOption {
  readonly skip: string | false;
}

/** The option of a test that is about SQLite alone: on another engine it is skipped, and the reason is told. */
export const sqliteOnly = (reason: string): SkipOption => ({ skip: engine !== "sqlite" && `SQLite only: ${reason}` });

/** The option of a test that is about PostgreSQL alone: on another engine it is skipped, and the reason is told. */
export const postgresOnly = (reason: string): SkipOption => ({
  skip: engine !== "postgres" && `PostgreSQL only: ${reason}`,
});

/** What a release to come would have left behind it. */
export const FROM_THE_FUTURE = `insert into earshot_migrations (number, name, applied_at, requires)
  values (9999, 'from_the_future', '', 9999)`;

type Value = string | number | null;
type Row = Readonly<Record<string, unknown>>;

/** A database of its own, on the engine that the tests run on. */
export interface TestDatabase {
  /** What DATABASE_URL takes. */
  readonly url: string;
  /**
   * Runs one statement over a connection of its own, whether a server runs or not.
   * @param values of `$1`, `$2` and so on in the statement
   */
  rows(sql: string, ...values: readonly Value[]): Promise<readonly Row[]>;
  /** The names of its tables; none where it is not made yet. */
  tables(): Promise<readonly string[]>;
  /** Whether anything has made it: the file, or a table in PostgreSQL. */
  exists(): Promise<boolean>;
  /** Deletes it; nobody may be connected any more. An SQLite file goes with its folder. */
  drop(): Promise<void>;
}

/** @param path where an SQLite database has its file, which is not made yet */
export async function createDatabase(path: string): Promise<TestDatabase> {
  return SERVER === undefined ? sqliteDatabase(path) : postgresSchema(SERVER);
}

/** How long a connection of the tests waits for the database, in milliseconds. */
const DEADLINE_MS = 30_000;

function sqliteDatabase(path: string): TestDatabase {
  const rows: TestDatabase["rows"] = async (sql, ...values) => {
    const database = new DatabaseSync(path, { timeout: DEADLINE_MS });
    try {
      const statement = database.prepare(sql);
      return values.length === 0 ? statement.all() : statement.all(numbered(values));
    } finally {
      database.close();
    }
  };
  const exists = async () => existsSync(path);
  return {
    url: `sqlite:${path}`,
    rows,
    exists,
    tables: async () =>
      (await exists()) ? names(await rows("select name from sqlite_schema where type = 'table' order by name")) : [],
    async drop() {},
  };
}

const names = (rows: readonly Row[]) => rows.map(({ name }) => String(name));

const numbered = (values: readonly Value[]) =>
  Object.fromEntries(values.map((value, index) => [`$${index + 1}`, value]));

async function postgresSchema(server: string): Promise<TestDatabase> {
  const schema = `${PREFIX}_${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  await query(server, `create schema ${schema}`);
  const url = `${server}${server.includes("?") ? "&" : "?"}options=${encodeURIComponent(`-c search_path=${schema}`)}`;
  const tables = async () =>
    names(await query(url, "select tablename as name from pg_tables where schemaname = $1 order by name", [schema]));
  return {
    url,
    rows: (sql, ...values) => query(url, sql, values),
    tables,
    exists: async () => (await tables()).length > 0,
    drop: async () => void (await query(server, `drop schema ${schema} cascade`)),
  };
}

/** PostgreSQL's numbers of its types int8, int4 and numeric, in which it sums. */
const NUMBERS: readonly number[] = [20, 23, 1700];
/** As SQLite gives them: numbers are numbers, all else is text. */
const types: NonNullable<ClientConfig["types"]> = {
  getTypeParser: (type: number) => (text: string) => (NUMBERS.includes(type) ? Number(text) : text),
};

async function query(connectionString: string, sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
  const client = new Client({
    connectionString,
    types,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
  });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
