import type { PostgresSettings } from "../settings/resolved.ts";
import type { Database } from "./database.ts";
import { openPostgres } from "./postgres/postgres.ts";
import { openSqlite } from "./sqlite/sqlite.ts";

/** Opens the database a URL names: `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. */
export function openDatabase(url: string, postgres: PostgresSettings): Database {
  return url.startsWith("sqlite:") ? openSqlite(url.slice("sqlite:".length)) : openPostgres(url, postgres);
}
