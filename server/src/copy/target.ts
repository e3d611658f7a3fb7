import type { Database } from "../db/database.ts";
import { openPostgres } from "../db/postgres/postgres.ts";
import { openSqlite } from "../db/sqlite/sqlite.ts";
import { type Place, POSTGRES } from "./place.ts";

/**
 * Rows come in the order of their keys, and so in none for the other indexes: their pages are kept in memory and in the
 * write-ahead log for a while (in KiB, and in pages of 4 KiB), else each transaction would write them all. The log is not
 * synced at each commit: what a power cut takes away, the next run brings again. Closing syncs.
 */
const FOR_MANY_ROWS = "pragma cache_size = -65536; pragma wal_autocheckpoint = 16384; pragma synchronous = normal";

/** Opens the database that is written. */
export function openTarget(place: Place): Database {
  if (place.kind === "postgres") return openPostgres(place.url, POSTGRES);
  const database = openSqlite(place.path);
  database.connection.exec(FOR_MANY_ROWS);
  return database;
}
