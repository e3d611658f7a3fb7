import type { Clock } from "./clock.ts";
import { eraseSomeOfDeleted } from "./conversations/store.ts";
import type { Database } from "./db/database.ts";
import { all } from "./db/transaction.ts";
import type { Log } from "./log.ts";
import { deleteExpiredSessions } from "./sessions/store.ts";
import { deleteExpiredTokens } from "./tokens/store.ts";

const HOUR_MS = 60 * 60 * 1000;
/** How many messages one transaction erases: others wait no longer for it than for a large send. */
const ERASED_AT_ONCE = 500;

/** Deletes refresh tokens that have run out, and sessions none of whose tokens still run. */
export function flushExpired(database: Database, clock: Clock): Promise<void> {
  return database.write(function* () {
    const now = clock.moment();
    yield* all(deleteExpiredTokens, { now });
    yield* all(deleteExpiredSessions, { now });
  });
}

/** Work that nobody waits for: flushing what ran out, erasing what deleted conversations held. */
export interface Housekeeping {
  /** Begins, once the database is migrated: now and every hour. */
  start(): void;
  /** Erases, a little at a time, until nothing is left to erase. */
  eraseDeleted(): void;
  stop(): Promise<void>;
}

export function createHousekeeping(database: Database, clock: Clock, log: Log): Housekeeping {
  let erasing = Promise.resolve();
  const stopping = new AbortController();

  const erase = async () => {
    let erased = ERASED_AT_ONCE;
    while (erased === ERASED_AT_ONCE && !stopping.signal.aborted) {
      erased = (await database.write(() => all(eraseSomeOfDeleted, { limit: ERASED_AT_ONCE }))).length;
    }
  };
  const report = (error: unknown) =>
    log.error({ err: error }, "housekeeping failed; it is tried again within the hour");
  const eraseDeleted = () => {
    erasing = erasing.then(erase).catch(report);
  };
  const hourly = () => {
    eraseDeleted();
    flushExpired(database, clock).catch(report);
  };

  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer = setInterval(hourly, HOUR_MS).unref();
      hourly();
    },
    eraseDeleted,
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await erasing;
    },
  };
}
