import { initial } from "./migrations/0001-initial.ts";
import type { SqliteDatabase } from "./sqlite/sqlite.ts";
import type { Words } from "./words.ts";
import { sqliteWords } from "./sqlite/words.ts";

export interface Migration {
  /** Counted from 1 without holes; a migration that has been released never changes. */
  readonly number: number;
  readonly name: string;
  readonly statements: (words: Words) => readonly string[];
}

export const migrations: readonly Migration[] = [initial];

/** The database was migrated by a newer Earshot than this one. */
export class NewerDatabase extends Error {
  constructor(applied: number, known: number) {
    super(
      `The database is at migration ${applied}, this Earshot knows ${known}. ` +
        `It was used by a newer version: start that version, or restore a backup made before the upgrade.`,
    );
  }
}

export const label = (migration: Migration) => `${String(migration.number).padStart(4, "0")}_${migration.name}`;

/** The migrations that the database still lacks, in order. Changes nothing. */
export function pendingMigrations(
  database: SqliteDatabase,
  known: readonly Migration[] = migrations,
): readonly Migration[] {
  const applied = lastApplied(database);
  if (applied > known.length) throw new NewerDatabase(applied, known.length);
  return known.slice(applied);
}

/**
 * Applies what is pending, each migration in a transaction of its own. A second starter waits at the write lock, then finds
 * the work done.
 * @returns the migrations that this call applied
 */
export function migrate(
  database: SqliteDatabase,
  now: string,
  known: readonly Migration[] = migrations,
): readonly Migration[] {
  const { connection } = database;
  connection.exec(
    `create table if not exists earshot_migrations (number integer not null primary key, name text not null, applied_at text not null) strict`,
  );
  const done: Migration[] = [];
  for (;;) {
    connection.exec("begin immediate");
    try {
      const [next] = pendingMigrations(database, known);
      if (next !== undefined) {
        for (const sql of next.statements(sqliteWords)) connection.exec(sql);
        connection.prepare("insert into earshot_migrations values (?, ?, ?)").run(next.number, next.name, now);
        done.push(next);
      }
      connection.exec("commit");
      if (next === undefined) return done;
    } catch (error) {
      connection.exec("rollback");
      throw error;
    }
  }
}

function lastApplied({ connection }: SqliteDatabase): number {
  const exists = connection.prepare("select 1 from sqlite_schema where name = 'earshot_migrations'").get();
  if (exists === undefined) return 0;
  const row = connection.prepare("select coalesce(max(number), 0) as number from earshot_migrations").get();
  return Number(row?.["number"]);
}
