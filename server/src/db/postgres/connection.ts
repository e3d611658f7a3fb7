import type { Client, ClientConfig, CustomTypesConfig } from "pg";

import type { PostgresSettings } from "../../settings/resolved.ts";
import { withOption } from "../../settings/postgres-url.ts";
import { asked } from "./errors.ts";

/** How long to wait for a connection, in milliseconds. */
const CONNECT_DEADLINE_MS = 5000;
/** How much longer than PostgreSQL itself a statement is waited for before its connection is given up, in milliseconds. */
const GRACE_MS = 5000;

/** How long a connection is silent before the system asks whether the other side is still there, in milliseconds. */
const KEEP_ALIVE_MS = 60_000;

const INT8 = 20;
const INT4 = 23;
const wholeNumber = (text: string) => Number(text);
const asItIs = (text: string) => text;

/** Whole numbers are numbers, everything else stays text: JSON above all, which goes out as it came. */
const types: CustomTypesConfig = {
  getTypeParser: (oid: number) => (oid === INT8 || oid === INT4 ? wholeNumber : asItIs),
};

/** How connections are opened: by the pool's name for `pg_stat_activity`, with every wait bounded. */
export function connectionConfig(url: string, settings: PostgresSettings): ClientConfig {
  const bounded: ClientConfig = {
    connectionString: url,
    types,
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    query_timeout: settings.statementTimeoutMs + GRACE_MS,
  };
  // A pooler shares its connections among clients and takes none of their settings.
  if (settings.pooler === "transaction") return bounded;
  return {
    ...bounded,
    // To compile a statement takes longer than any of ours runs.
    connectionString: withOption(url, "-c jit=off"),
    fallback_application_name: "earshot",
    statement_timeout: settings.statementTimeoutMs,
    lock_timeout: settings.lockTimeoutMs,
    idle_in_transaction_session_timeout: settings.idleTransactionTimeoutMs,
  };
}

/** @throws StatementFailed where it cannot connect */
export async function connect(config: ClientConfig): Promise<Client> {
  const { Client: Driver } = await driver();
  const client = new Driver(config);
  // What was under way hears of a lost connection by its own promise.
  client.on("error", () => {});
  await asked(client.connect());
  return client;
}

/** Loaded when it is first needed: who stays with SQLite does not pay for it. */
export const driver = async () => (await import("pg")).default;
