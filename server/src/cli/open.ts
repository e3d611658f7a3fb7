import { existsSync } from "node:fs";

import type { Config } from "../config.ts";
import { type Context, createContext } from "../context.ts";
import { adoptCopied } from "../copy/marker.ts";
import { label, pendingMigrations } from "../db/migrate.ts";
import { placeOf } from "../settings/postgres-url.ts";
import { Refusal } from "./refusal.ts";

const MIGRATE = "Run: npx earshot migrate";
const MIGRATE_IN_MEMORY = "A database in memory is migrated by: npx earshot runserver --migrate";

/** The path of the database's file; undefined for one in memory, and on PostgreSQL. */
export function databaseFile({ databaseUrl }: Config): string | undefined {
  const isFile = databaseUrl.startsWith("sqlite:") && databaseUrl !== "sqlite::memory:";
  return isFile ? databaseUrl.slice("sqlite:".length) : undefined;
}

/** What to call the database before people: never with its password. */
export function databaseName(config: Config): string {
  const file = databaseFile(config);
  if (file !== undefined) return file;
  if (config.databaseUrl.startsWith("sqlite:")) return "in memory";
  const { name, host } = placeOf(config.databaseUrl);
  return `PostgreSQL ${name} at ${host}`;
}

/** Whether there is no database yet: opening it would make one. */
export function isMissing(config: Config): boolean {
  const file = databaseFile(config);
  return file !== undefined && !existsSync(file);
}

/**
 * Opens a database that is there and migrated.
 * @throws Refusal where it is not, NewerDatabase where a newer version migrated it
 */
export async function openMigrated(config: Config): Promise<Context> {
  if (isMissing(config)) throw new Refusal(`There is no database yet: ${databaseFile(config)} is missing.`, MIGRATE);
  const context = createContext(config);
  try {
    const pending = await pendingMigrations(context.database);
    if (pending.length === 0) return context;
    throw new Refusal(
      `The database (${databaseName(config)}) is not migrated; it lacks ${pending.map(label).join(", ")}.`,
      config.databaseUrl === "sqlite::memory:" ? MIGRATE_IN_MEMORY : MIGRATE,
    );
  } catch (error) {
    await context.close();
    throw error;
  }
}

/**
 * Opens the database for one piece of work and closes it, whatever comes of the work.
 * @throws CopyProblem where a copy into it has not finished
 */
export async function withContext<T>(config: Config, work: (context: Context) => Promise<T>): Promise<T> {
  const context = await openMigrated(config);
  try {
    await adoptCopied(context.database);
    return await work(context);
  } finally {
    await context.close();
  }
}
