import type { Clock } from "./clock.ts";
import { deletedWithMessages, eraseSomeOfDeleted } from "./conversations/store.ts";
import type { Database } from "./db/database.ts";
import { all } from "./db/transaction.ts";
import type { Log } from "./log.ts";
import { deleteExpiredSessions } from "./sessions/store.ts";
import { deleteExpiredTokens } from "./tokens/store.ts";

const HOUR_MS = 60 * 60 * 1000;
/** How many rows one transaction deletes: others wait no longer for it than for a large send. */
const DELETED_AT_ONCE = 500;

/** Deletes refresh tokens that have run out, and sessions none of whose tokens still run, a little at a time. */
export async function flushExpired(database: Database, clock: Clock, signal?: AbortSignal): Promise<void> {
  const some = { now: clock.moment(), limit: DELETED_AT_ONCE };
  const deleteTokens = () => database.write(() => all(deleteExpiredTokens, some));
  const deleteSessions = () => database.write(() => all(deleteExpiredSessions, some));
  for (const deleteSome of [deleteTokens, deleteSessions]) {
    for (;;) {
      if (signal?.aborted === true) return;
      if ((await deleteSome()).length < DELETED_AT_ONCE) break;
    }
  }
}

/** Work that nobody waits for: flushing what ran out, erasing what deleted conversations held. */
export interface Housekeeping {
  /** Begins, once the database is migrated: now and every hour. */
  start(): void;
  /** Erases the messages of a deleted conversation, a little at a time. */
  eraseDeleted(conversation: string): void;
  stop(): Promise<void>;
}

export function createHousekeeping(database: Database, clock: Clock, log: Log): Housekeeping {
  let erasing = Promise.resolve();
  const stopping = new AbortController();

  const erase = async (conversation: string) => {
    let erased = DELETED_AT_ONCE;
    while (erased === DELETED_AT_ONCE && !stopping.signal.aborted) {
      const some = { conversation, limit: DELETED_AT_ONCE };
      erased = (await database.write(() => all(eraseSomeOfDeleted, some))).length;
    }
  };
  const report = (error: unknown) =>
    log.error({ err: error }, "housekeeping failed; it is tried again within the hour");
  const eraseDeleted = (conversation: string) => {
    erasing = erasing.then(() => erase(conversation)).catch(report);
  };
  /** What a stop or a failure left unerased. */
  const eraseLeftOver = async () => {
    for (const { conversation_id } of await database.all(deletedWithMessages, {})) eraseDeleted(conversation_id);
  };
  let flushing = Promise.resolve();
  const hourly = () => {
    eraseLeftOver().catch(report);
    flushing = flushExpired(database, clock, stopping.signal).catch(report);
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
      await Promise.all([erasing, flushing]);
    },
  };
}
