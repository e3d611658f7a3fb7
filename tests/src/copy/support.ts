import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClock, migrate } from "@earshot/server";
import { type Copied, copyDatabase, type CopyOptions } from "../../../server/src/copy/copy.ts";
import { type Place, readPlace } from "../../../server/src/copy/place.ts";
import { openTarget } from "../../../server/src/copy/target.ts";
import type { Database } from "../../../server/src/db/database.ts";
import { createDatabase, postgresOnly, sqliteOnly, type TestDatabase } from "../support/databases.ts";

type Engine = "sqlite" | "postgres";

interface Direction {
  readonly name: string;
  readonly from: Engine;
  readonly to: Engine;
  /** The option of its tests. */
  readonly only: ReturnType<typeof sqliteOnly>;
}

const direction = (from: Engine, to: Engine): Direction => ({
  name: `${from} to ${to}`,
  from,
  to,
  only:
    from === "sqlite" && to === "sqlite"
      ? sqliteOnly("no PostgreSQL takes part")
      : postgresOnly("PostgreSQL takes part"),
});

/** Every way to copy. A run on SQLite alone has the first, a run on PostgreSQL the others. */
export const directions: readonly Direction[] = [
  direction("sqlite", "sqlite"),
  direction("sqlite", "postgres"),
  direction("postgres", "sqlite"),
  direction("postgres", "postgres"),
];

type Held = Pick<TestDatabase, "url" | "rows" | "tables" | "drop">;

/** A database that is one side of a copy. */
export interface Side extends Held {
  readonly place: Place;
  /** Opens it, migrated, for one piece of work. */
  fill(work: (database: Database) => Promise<void>): Promise<void>;
}

/** Databases of a test, gone with it. */
export interface Sides {
  readonly folder: string;
  create(engine: Engine): Promise<Side>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openSides(): Promise<Sides> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-copy-"));
  const created: Held[] = [];
  return {
    folder,
    async create(engine) {
      const path = join(folder, `${created.length}.db`);
      const database = engine === "sqlite" ? sqliteFile(path) : await createDatabase(path);
      created.push(database);
      const place = readPlace("--to", database.url, folder);
      const fill: Side["fill"] = async (work) => {
        const opened = openTarget(place);
        try {
          await migrate(opened, createClock().moment());
          await work(opened);
        } finally {
          await opened.close();
        }
      };
      return { ...database, place, fill };
    },
    async [Symbol.asyncDispose]() {
      for (const database of created) await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How long another process may hold the file, in milliseconds. */
const DEADLINE_MS = 30_000;

/** Whatever engine the tests run on. */
export function sqliteFile(path: string): Held {
  const rows: Held["rows"] = async (sql, ...values) => {
    const connection = new DatabaseSync(path, { timeout: DEADLINE_MS });
    try {
      return connection.prepare(sql).all(...values);
    } finally {
      connection.close();
    }
  };
  return {
    url: `sqlite:${path}`,
    rows,
    tables: async () =>
      (await rows("select name from sqlite_schema where type = 'table'")).map(({ name }) => String(name)),
    async drop() {},
  };
}

/** Copies in this process. */
export const copySides = (from: Side, to: Side, options: Partial<CopyOptions> = {}): Promise<Copied> =>
  copyDatabase({
    from: from.place,
    to: to.place,
    signal: new AbortController().signal,
    now: createClock().moment,
    onProgress: () => {},
    ...options,
  });

const TABLES = ["users", "conversations", "participants", "messages", "sessions", "refresh_tokens"];

/** All rows of all tables, in the same form on both engines. */
export async function contentsOf({ rows }: Pick<Held, "rows">): Promise<Record<string, readonly string[]>> {
  const contents: Record<string, readonly string[]> = {};
  for (const table of TABLES)
    contents[table] = (await rows(`select * from ${table}`)).map((row) => JSON.stringify(row)).toSorted();
  return contents;
}

/** Whether the table is there by which a copy's target is known. */
export const isMarked = async ({ tables }: Held): Promise<boolean> => (await tables()).includes("earshot_copy");
