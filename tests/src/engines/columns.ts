import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

import { Client } from "pg";

import { type EmbeddedServer, startEmbeddedPostgres } from "./embedded-postgres.ts";
import { type TestOptions, UsageError } from "./options.ts";

/** One database server on which the suites run; a column of the table. */
export interface Column {
  readonly title: string;
  readonly engine: "none" | "sqlite" | "postgres";
  /** What the test files get in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The server's version as it tells it itself, where there is a server. */
  readonly reported?: string;
}

/** Suites that open no database, or start one of their own: they run once, in a column of their own. */
const WITHOUT_DATABASE: ReadonlySet<string> = new Set(["chaos", "engines", "passwords", "settings"]);

/** PostgreSQL plays fewer histories than SQLite: the model and the policies are the same, and its answers come slower. */
const POSTGRES_HISTORIES = "300";

export interface Columns {
  readonly all: readonly Column[];
  /** Removes what the tests have left on the servers, and stops what was started. */
  close(): Promise<void>;
}

/**
 * Finds or starts the servers that the suites need.
 * @throws UsageError where DATABASE_URL_TEST names what is no usable server
 */
export async function openColumns(options: TestOptions, suites: readonly string[]): Promise<Columns> {
  const wanted = (engine: "sqlite" | "postgres") => options.engine === undefined || options.engine === engine;
  const histories = options.histories === undefined ? {} : { EARSHOT_TEST_HISTORIES: options.histories };
  const all: Column[] = [];
  if (suites.some((suite) => WITHOUT_DATABASE.has(suite)))
    all.push({ title: "no database", engine: "none", env: histories });
  const needsDatabase = suites.some((suite) => !WITHOUT_DATABASE.has(suite));
  if (wanted("sqlite") && needsDatabase) all.push(sqliteColumn(histories));
  if (!wanted("postgres") || !needsDatabase) return { all, close: async () => {} };

  const prefix = `earshot_test_${randomUUID().slice(0, 8)}`;
  const env = { EARSHOT_TEST_HISTORIES: POSTGRES_HISTORIES, ...histories, EARSHOT_TEST_SCHEMA_PREFIX: prefix };
  // "One column alone" is the server that npm brought.
  const given = options.engine === undefined ? givenServers() : [];
  const external = await Promise.all(
    given.map((url, index) =>
      postgresColumn(url, env, given.length > 1 ? `DATABASE_URL_TEST ${index + 1}` : "DATABASE_URL_TEST"),
    ),
  );
  const embedded: EmbeddedServer = await startEmbeddedPostgres();
  all.push(await postgresColumn(embedded.url, env, "npm"), ...external);
  return {
    all,
    async close() {
      await Promise.all([embedded.stop(), ...given.map((url) => dropSchemas(url, prefix))]);
    },
  };
}

/** Whether a suite runs on a column. */
export const runsOn = (suite: string, { engine }: Column) => WITHOUT_DATABASE.has(suite) === (engine === "none");

function sqliteColumn(env: Column["env"]): Column {
  const database = new DatabaseSync(":memory:");
  const version = String(database.prepare("select sqlite_version() as version").get()?.["version"]);
  database.close();
  return { title: `SQLite ${version}`, engine: "sqlite", env };
}

const givenServers = () => (process.env["DATABASE_URL_TEST"] ?? "").split(/\s+/).filter((url) => url !== "");

async function postgresColumn(url: string, env: Column["env"], origin: string): Promise<Column> {
  const reported = await askServer(url, origin);
  const [version] = reported.split(" ");
  return {
    title: `PostgreSQL ${version} (${origin})`,
    engine: "postgres",
    env: { ...env, EARSHOT_TEST_DATABASE_URL: url },
    reported,
  };
}

/** The server's version. */
async function askServer(url: string, origin: string): Promise<string> {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error("it does not begin with postgres://");
    return await withClient(url, async (client) => {
      const { rows } = await client.query<{ version: string; may_create: boolean }>(
        `select current_setting('server_version') as version,
          has_database_privilege(current_database(), 'create') as may_create`,
      );
      if (rows[0]?.may_create !== true) throw new Error("its user may not create schemas");
      return rows[0].version;
    });
  } catch (error) {
    throw new UsageError(`${origin} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a test file that was killed has left. */
async function dropSchemas(url: string, prefix: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select nspname as name from pg_namespace where starts_with(nspname, $1)",
      [prefix],
    );
    for (const { name } of rows) await client.query(`drop schema ${name} cascade`);
  });
}

const DEADLINE_MS = 30_000;

async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: DEADLINE_MS, query_timeout: DEADLINE_MS });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
