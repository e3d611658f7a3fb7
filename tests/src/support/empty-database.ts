import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import { type Config, loadConfig } from "@earshot/server";

import type { Database } from "../../../server/src/db/database.ts";
import { openDatabase } from "../../../server/src/db/open.ts";
import { createDatabase, type TestDatabase } from "./databases.ts";
import { SECRET_KEY } from "./server.ts";

/** A database without a server, on the engine that the tests run on. */
export interface EmptyDatabase extends Pick<TestDatabase, "rows" | "tables"> {
  readonly config: Config;
  /** Opens it as the server does; it is closed by who opened it. */
  open(): Database;
}

/** Makes one; it is gone after the file's tests. */
export async function createEmptyDatabase(): Promise<EmptyDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
  const { url, rows, tables, drop } = await createDatabase(join(folder, "earshot.db"));
  after(async () => {
    await drop();
    await rm(folder, { recursive: true, force: true });
  });
  const overrides = { SECRET_KEY, DATABASE_URL: url, LOG_LEVEL: "silent" } as const;
  const config = await loadConfig({ env: {}, root: folder, settingsFile: false, overrides });
  return { config, rows, tables, open: () => openDatabase(config.databaseUrl, config.postgres) };
}
