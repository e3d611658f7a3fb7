import { randomUUID } from "node:crypto";

import type { SettingsInput } from "@earshot/server";
import { Client } from "pg";

import { createDatabase, type TestDatabase } from "../support/databases.ts";
import { startServer, type TestServer } from "../support/server.ts";

/** Servers over one database, each with connections of its own, as processes of one installation have them. */
export interface Installation extends AsyncDisposable {
  readonly server: TestServer;
  /** What the servers' connections are called in `pg_stat_activity`. */
  readonly applicationName: string;
  startAnother(): Promise<TestServer>;
  /** A connection of the test's own to the database; it ends with the installation, unless the test ends it before. */
  connect(): Promise<Client>;
  readonly rows: TestDatabase["rows"];
}

/** Something between the servers and their database. */
export interface Way {
  /** What DATABASE_URL says by this way. */
  leads(url: string): string | Promise<string>;
}

interface InstallationOptions {
  readonly settings?: SettingsInput;
  /** The way to the database, where it is not the direct one. */
  readonly by?: Way;
}

/** Starts one server over a database of its own, which has no file: on PostgreSQL. */
export async function install({ settings, by }: InstallationOptions = {}): Promise<Installation> {
  const stack = new AsyncDisposableStack();
  const database = await createDatabase("");
  stack.defer(() => database.drop());
  const applicationName = `servers_${randomUUID().replaceAll("-", "")}`;
  // The URL has parameters already: the schema's.
  const named = `${database.url}&application_name=${applicationName}`;
  const DATABASE_URL = by === undefined ? named : await by.leads(named);

  const start = async () => {
    const server = await startServer({ settings: { DATABASE_URL, DATABASE_POOL_SIZE: 8, ...settings } });
    stack.defer(() => server.close());
    return server;
  };
  const server = await start().catch(async (error: unknown) => {
    await stack.disposeAsync();
    throw error;
  });
  return {
    server,
    applicationName,
    startAnother: start,
    async connect() {
      const client = new Client({ connectionString: database.url, application_name: "a test" });
      // It may be ended from outside.
      client.on("error", () => {});
      await client.connect();
      stack.defer(() => client.end());
      return client;
    },
    rows: database.rows,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
