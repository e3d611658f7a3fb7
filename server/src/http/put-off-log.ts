import type { Log } from "../log.ts";
import type { TryLater } from "../try-later.ts";

/** At most one line in so many milliseconds: while a database is away, every request is put off. */
const EVERY_MS = 10_000;

/** Logs why requests were put off with a 503, and how many since the last line. */
export function createPutOffLog(log: Log, now: () => number = Date.now): (thrown: TryLater) => void {
  let lastLine = -Infinity;
  let requests = 0;
  return (thrown) => {
    requests += 1;
    if (now() - lastLine < EVERY_MS) return;
    log.warn({ reason: thrown.message, err: thrown.cause, requests }, "requests are answered 503");
    lastLine = now();
    requests = 0;
  };
}
