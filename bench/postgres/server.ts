import { driver } from "../../server/src/db/postgres/connection.ts";

/** A PostgreSQL server on which the bench may make databases. */
export interface PostgresServer {
  /** Its version and what its speed depends on, in one line. */
  description: string;
  /** The URL of a database. */
  urlOf(database: string): string;
  /** Makes a database: empty, or a copy of `template`, which nobody may use meanwhile. */
  create(database: string, template?: string): Promise<void>;
  drop(database: string): Promise<void>;
  /** How many connections to a database are open. */
  countConnections(database: string): Promise<number>;
  /** Runs one statement in a database, over a connection of its own. */
  run(database: string, sql: string, values?: unknown[]): Promise<void>;
  /** Lets go of the server; ends it where it was started for the bench. */
  close(): Promise<void>;
}

const deadlineMilliseconds = 30_000;

async function connectTo(url: string) {
  const { Client } = await driver();
  const client = new Client({ connectionString: url, connectionTimeoutMillis: deadlineMilliseconds });
  // Whoever waits for an answer hears of a lost connection by that.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/**
 * Connects to a server.
 * @param url of a database on it, whose user may create databases
 * @param close what is to be done after the last connection
 */
export async function useServer(url: string, close = async (): Promise<void> => {}): Promise<PostgresServer> {
  const client = await connectTo(url);
  const urlOf = (database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;
  const name = (database: string): string => client.escapeIdentifier(database);
  const { rows } = await client.query<{ description: string }>(
    `select format('PostgreSQL %s: fsync %s, synchronous_commit %s, full_page_writes %s, shared_buffers %s',
      current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'),
      current_setting('full_page_writes'), current_setting('shared_buffers')) as description`,
  );
  return {
    description: rows[0]?.description ?? "",
    urlOf,
    async create(database, template = "template1") {
      await client.query(`create database ${name(database)} template ${name(template)}`);
    },
    async drop(database) {
      await client.query(`drop database if exists ${name(database)} with (force)`);
    },
    async countConnections(database) {
      const counted = await client.query<{ count: string }>(
        "select count(*) as count from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
        [database],
      );
      return Number(counted.rows[0]?.count);
    },
    async run(database, sql, values) {
      const other = await connectTo(urlOf(database));
      try {
        await other.query(sql, values);
      } finally {
        await other.end();
      }
    },
    async close() {
      await client.end();
      await close();
    },
  };
}
