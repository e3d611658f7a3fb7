import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createDatabase, engine, type TestDatabase } from "./databases.ts";

/** The command as users start it. */
export const EARSHOT = fileURLToPath(new URL("../../../server/bin/earshot.mjs", import.meta.url));

/** How long a command may take before it counts as hanging, in milliseconds. */
const DEADLINE_MS = 60_000;

/** A working folder of its own, with an environment in which nothing is set but where the data goes. */
export interface Workplace {
  readonly folder: string;
  readonly dataDir: string;
  /** The file of an SQLite database. */
  readonly databaseFile: string;
  /** The database over connections of the test's own, on either engine. */
  readonly database: Pick<TestDatabase, "rows" | "exists">;
  readonly env: Readonly<Record<string, string>>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function createWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-cli-"));
  const dataDir = join(folder, "data");
  const databaseFile = join(dataDir, "earshot.db");
  const database = await createDatabase(databaseFile);
  return {
    folder,
    dataDir,
    databaseFile,
    database,
    env: {
      PATH: process.env["PATH"] ?? "",
      EARSHOT_DATA_DIR: dataDir,
      PORT: "0",
      // Unset, it is the SQLite file in the data folder.
      ...(engine === "sqlite" ? {} : { DATABASE_URL: database.url }),
    },
    async [Symbol.asyncDispose]() {
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  /** All of standard input. */
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one command line to its end. */
export async function earshot(
  { folder, env }: Workplace,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [EARSHOT, ...args], {
    cwd: folder,
    env: { ...env, ...options.env },
    timeout: DEADLINE_MS,
  });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  // A command that reads nothing may be gone before its input is written.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const [code] = await once(child, "close");
  return { code: typeof code === "number" ? code : null, out: out(), err: err() };
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** What it has printed so far. */
  readonly printed: () => string;
  kill(signal: NodeJS.Signals): void;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Ends it, if it still runs. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts `earshot runserver` and waits until it says where it listens. */
export async function serve(workplace: Workplace, args: readonly string[] = ["--migrate"]): Promise<ServerProcess> {
  const child = spawn(process.execPath, [EARSHOT, "runserver", ...args], {
    cwd: workplace.folder,
    env: workplace.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  const deadline = setTimeout(() => child.kill("SIGKILL"), DEADLINE_MS);
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", () => {
      const url = /listening on (http:\/\/[^\s/]+)\/[^]*Ctrl-C/.exec(out())?.[1];
      if (url !== undefined) resolve(url);
    });
    child.on("close", () => reject(new Error(`the server ended before it listened:\n${out()}${err()}`)));
  });
  try {
    return {
      url: await listening,
      printed: out,
      kill: (signal) => child.kill(signal),
      ended,
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await ended;
      },
    };
  } finally {
    clearTimeout(deadline);
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** The status that `POST /api/token/` answers to a name and a password. */
export async function logIn(url: string, username: string, password: string): Promise<number> {
  const response = await fetch(`${url}/api/token/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  await response.body?.cancel();
  return response.status;
}
