import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { useServer } from "./server.ts";
import type { PostgresServer } from "./server.ts";

const program = fileURLToPath(new URL("throw-away-main.ts", import.meta.url));
const startMilliseconds = 60_000;
const stopMilliseconds = 20_000;

/**
 * Starts the PostgreSQL that npm brought, with its default settings, in the system's temporary folder. It has a process of
 * its own, which Ctrl-C does not reach: it ends after the servers that use it, and never stays behind.
 */
export async function startThrowAway(): Promise<PostgresServer> {
  const child = fork(program, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const force = setTimeout(() => child.kill("SIGKILL"), stopMilliseconds);
    await ended;
    clearTimeout(force);
  };
  try {
    const started = once(child, "message", { signal: AbortSignal.timeout(startMilliseconds) });
    const url = await Promise.race([started.then(([message]) => String(message)), ended]);
    if (url === undefined) throw new Error("PostgreSQL did not start; its message is above");
    return await useServer(url, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}
