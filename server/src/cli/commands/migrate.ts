import { label, migrate, migrations, pendingMigrations } from "../../db/migrate.ts";
import { openDatabase } from "../../db/open.ts";
import { createClock } from "../../clock.ts";
import type { Config } from "../../config.ts";
import type { Io } from "../io.ts";
import { isMissing } from "../open.ts";

/** Brings the database to this version's schema; makes it where there is none. */
export async function migrateDatabase(io: Io, config: Config): Promise<void> {
  const database = openDatabase(config.databaseUrl, config.postgres);
  try {
    const applied = await migrate(database, createClock().moment());
    io.out("Running migrations:");
    if (applied.length === 0) io.out("  No migrations to apply.");
    for (const migration of applied) io.out(`  Applying ${label(migration)}... OK`);
  } finally {
    await database.close();
  }
}

/** Says what `migrateDatabase` would do, and changes nothing. */
export async function planMigrations(io: Io, config: Config): Promise<void> {
  const pending = isMissing(config) ? migrations : await lookUpPending(config);
  io.out("Planned operations:");
  if (pending.length === 0) io.out("  No planned migration operations.");
  for (const migration of pending) io.out(`  ${label(migration)}`);
}

async function lookUpPending(config: Config) {
  const database = openDatabase(config.databaseUrl, config.postgres);
  try {
    return await pendingMigrations(database);
  } finally {
    await database.close();
  }
}
