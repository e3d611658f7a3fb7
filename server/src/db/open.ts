import { openSqlite, type SqliteDatabase } from "./sqlite/sqlite.ts";

/** Opens the database a URL names: `sqlite:PATH`, or `sqlite::memory:`. */
export function openDatabase(url: string): SqliteDatabase {
  return openSqlite(url.replace(/^sqlite:/, ""));
}
