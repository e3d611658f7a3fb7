import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Context,
  createApp,
  createClock,
  createContext,
  createRegistry,
  loadConfig,
  migrate,
} from "@earshot/server";
import type { SettingsInput } from "@earshot/server";

import { createDatabase, type TestDatabase } from "./databases.ts";

/** The real server on a free port, over a database of its own. */
export interface TestServer {
  readonly url: string;
  /** Address and port, as a Host header has it. */
  readonly host: string;
  /** The HS256 signing key. */
  readonly secretKey: string;
  readonly context: Context;
  /** What the server logged as a warning or an error so far. */
  readonly logged: readonly { readonly level: "warn" | "error"; readonly details: object; readonly message: string }[];
  createUser(input: NewUser): Promise<{ readonly user_id: string }>;
  setActive(username: string, is_active: boolean): Promise<void>;
  deleteUser(username: string): Promise<void>;
  setPassword(username: string, password: string): Promise<void>;
  /** The same database over connections of the test's own, on either engine. */
  readonly database: Pick<TestDatabase, "rows" | "tables">;
  close(): Promise<void>;
}

interface NewUser {
  readonly username: string;
  readonly password?: string;
  readonly email?: string;
  readonly first_name?: string;
  readonly is_active?: boolean;
}

export interface TestServerOptions {
  readonly settings?: SettingsInput;
  /** Milliseconds since 1970, for tests that move time. */
  readonly now?: () => number;
}

export const SECRET_KEY = "a-secret-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789";

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
  const dataDir = join(folder, "data");
  const database = await createDatabase(join(dataDir, "earshot.db"));
  const own = { SECRET_KEY, EARSHOT_DATA_DIR: dataDir, DATABASE_URL: database.url, LOG_LEVEL: "silent" } as const;
  const remove = async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  const overrides = { ...own, ...options.settings };
  const config = await loadConfig({ env: {}, root: folder, settingsFile: false, overrides }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  const clock = createClock(options.now);
  const logged: TestServer["logged"][number][] = [];
  const note = (level: "warn" | "error") => (details: object, message: string) => {
    logged.push({ level, details, message });
  };
  const context = createContext(config, { clock, log: { error: note("error"), warn: note("warn"), info: () => {} } });
  await migrate(context.database, clock.moment());
  context.housekeeping.start();
  const app = createApp(context, createRegistry(context));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const { users } = context;

  return {
    url,
    host: new URL(url).host,
    secretKey: SECRET_KEY,
    context,
    logged,
    createUser: ({ username, password, ...rest }) => users.create({ username, password, ...rest }),
    setActive: (username, is_active) => users.setActive(username, is_active),
    deleteUser: (username) => users.erase(username),
    setPassword: (username, password) => users.setPassword(username, password),
    database,
    async close() {
      await app.close();
      await context.close();
      await remove();
    },
  };
}
