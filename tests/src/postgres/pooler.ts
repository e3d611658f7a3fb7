import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Client } from "pg";

import { freePort } from "../support/ports.ts";
import type { Way } from "./installation.ts";

const PGBOUNCER = "pgbouncer";
/** It will not run as root. */
const NOBODY = 65_534;
const START_DEADLINE_MS = 10_000;
/** Fewer than a server opens to the pooler: they are shared. */
const CONNECTIONS = 3;

export const whyNoPooler = (): string | undefined =>
  spawnSync(PGBOUNCER, ["--version"]).error === undefined ? undefined : "pgbouncer is not installed";

/** A pgbouncer in transaction mode. */
export interface Pooler extends Way, AsyncDisposable {
  /** How many connections it opens to the database at most. */
  readonly connections: number;
}

export function openPooler(): Pooler {
  const stack = new AsyncDisposableStack();
  return {
    connections: CONNECTIONS,
    async leads(url) {
      const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
      stack.defer(() => rm(folder, { recursive: true }));
      const port = await freePort();
      const configuration = join(folder, "pgbouncer.ini");
      await writeFile(configuration, configurationOf(url, port), { mode: 0o644 });
      const isRoot = process.getuid?.() === 0;
      if (isRoot) await chmod(folder, 0o755);

      const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
      const child = spawn(PGBOUNCER, [configuration], { stdio: ["ignore", "ignore", "pipe"], ...identity });
      const ended = once(child, "exit");
      stack.defer(async () => {
        child.kill("SIGKILL");
        await ended;
      });
      let printed = "";
      const signal = AbortSignal.timeout(START_DEADLINE_MS);
      while (!printed.includes("process up")) {
        const [chunk] = await Promise.race([once(child.stderr, "data", { signal }), ended]);
        if (!Buffer.isBuffer(chunk)) throw new Error(`pgbouncer ended: ${printed}`);
        printed += chunk.toString();
      }
      child.stderr.resume();
      const name = /application_name=\w+/.exec(url)?.[0] ?? "";
      return `postgres://earshot@127.0.0.1:${port}/earshot?${name}`;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** @param url whose start-up options, which no connection of a pooler can have, it sets on each of its own */
function configurationOf(url: string, port: number): string {
  const { host, port: databasePort, user, database, password } = new Client({ connectionString: url });
  const schema = /search_path=(\w+)/.exec(decodeURIComponent(url))?.[1] ?? "public";
  const settings = {
    host,
    port: String(databasePort),
    dbname: database,
    user,
    ...(password === null || password === undefined ? {} : { password }),
    connect_query: `set search_path to ${schema}`,
  };
  const quoted = Object.entries(settings).map(([name, value]) => `${name}='${String(value).replaceAll("'", "''")}'`);
  return `[databases]
earshot = ${quoted.join(" ")}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${CONNECTIONS}
`;
}
