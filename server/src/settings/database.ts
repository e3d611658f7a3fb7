import { databaseUrl, type DatabaseLocation } from "./database-url.ts";
import { duration, HOUR } from "./duration.ts";
import type { DatabaseInput } from "./input.ts";
import { choice, wholeNumber } from "./readers.ts";
import { type Setting, setting } from "./setting.ts";
import { type Pooler, POOLERS } from "./words.ts";

/** Fewer connections than this and the different kinds of work would wait for each other. */
const SMALLEST_POOL = 4;
const LARGEST_POOL = 200;

/** Where the data is, and how a PostgreSQL database is used; with SQLite the latter have no effect. */
export const database = {
  DATABASE_URL: setting<DatabaseLocation | undefined>("DATABASE_URL", {
    reader: databaseUrl(),
    default: undefined,
    defaultInWords: "sqlite:earshot.db in the data folder",
    description:
      "The database: sqlite:PATH, where a relative path starts at the settings file's folder, or postgres://USER:PASSWORD@HOST:PORT/NAME, with a Unix socket postgres://USER@/NAME?host=/FOLDER, and for TLS ?sslmode=verify-full.",
  }),
  DATABASE_POOL_SIZE: setting("DATABASE_POOL_SIZE", {
    reader: wholeNumber(SMALLEST_POOL, LARGEST_POOL),
    default: 20,
    defaultInWords: "20",
    description: `PostgreSQL: the most connections one process opens, ${SMALLEST_POOL} to ${LARGEST_POOL}; those of all processes together must stay below the server's max_connections.`,
  }),
  DATABASE_STATEMENT_TIMEOUT: setting("DATABASE_STATEMENT_TIMEOUT", {
    // A lock timeout of at least one second fits below it.
    reader: duration(2, HOUR),
    default: 10,
    defaultInWords: "10 seconds",
    description: "PostgreSQL: how long one statement may take.",
  }),
  DATABASE_LOCK_TIMEOUT: setting("DATABASE_LOCK_TIMEOUT", {
    reader: duration(1, HOUR),
    default: 5,
    defaultInWords: "5 seconds",
    description: "PostgreSQL: how long a statement may wait for a lock; shorter than DATABASE_STATEMENT_TIMEOUT.",
  }),
  DATABASE_IDLE_TRANSACTION_TIMEOUT: setting("DATABASE_IDLE_TRANSACTION_TIMEOUT", {
    reader: duration(1, HOUR),
    default: 10,
    defaultInWords: "10 seconds",
    description:
      "PostgreSQL: how long a transaction whose process has fallen silent keeps its locks before it is ended.",
  }),
  DATABASE_POOLER: setting<Pooler>("DATABASE_POOLER", {
    reader: choice(POOLERS, "none, or transaction for a pooler in transaction mode"),
    default: "none",
    defaultInWords: "none",
    description:
      "PostgreSQL: transaction where it is reached through a pooler in transaction mode, such as pgbouncer; the three timeouts above are then not sent, but set by ALTER ROLE … SET ….",
  }),
} satisfies Record<keyof DatabaseInput, Setting<unknown>>;
