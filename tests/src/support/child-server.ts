import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createContext, loadConfig, migrate } from "@earshot/server";
import { createDatabase, type TestDatabase } from "./databases.ts";
import { SECRET_KEY } from "./server.ts";

const MAIN = fileURLToPath(new URL("./child-server-main.ts", import.meta.url));
const START_DEADLINE_MS = 20_000;

/** A data folder that servers in processes of their own work on, one after the other. */
export interface DataFolder {
  start(): Promise<ChildServer>;
  /** The database over connections of the test's own, whether a server runs or not. */
  readonly database: Pick<TestDatabase, "rows">;
  remove(): Promise<void>;
}

interface ChildServer {
  /** Address and port, as a Host header has it. */
  readonly host: string;
  /** Ends the process at once, as a power cut would (SIGKILL). */
  kill(): Promise<void>;
}

/** @param usernames of users to make; they have no passwords. Their ids come back in the same order. */
export async function createDataFolder(usernames: readonly string[]): Promise<DataFolder & { ids: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
  const database = await createDatabase(join(folder, "data", "earshot.db"));
  const config = await loadConfig({
    env: {},
    root: folder,
    settingsFile: false,
    overrides: { SECRET_KEY, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
  });
  const context = createContext(config);
  await migrate(context.database, context.clock.moment());
  const users = usernames.map((username) => context.users.create({ username, password: undefined }));
  const ids = (await Promise.all(users)).map(({ user_id }) => user_id);
  await context.close();

  return {
    ids,
    start: () => startChild(folder, database.url),
    database,
    async remove() {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startChild(folder: string, databaseUrl: string): Promise<ChildServer> {
  const child = fork(MAIN, [folder, databaseUrl], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const host = await Promise.race([firstMessage(child), failure(child)]);
  return {
    host,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

const firstMessage = (child: ChildProcess) =>
  new Promise<string>((resolve) => child.once("message", (host) => resolve(String(host))));

const failure = (child: ChildProcess) =>
  new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    setTimeout(() => reject(new Error("the server did not start in time")), START_DEADLINE_MS).unref();
  });
