import { setTimeout as delay } from "node:timers/promises";

import { runClient } from "./client.ts";
import type { CrashingPostgres } from "./crashing-postgres.ts";
import type { Installation } from "./installation.ts";
import type { Journal, Outage, Place } from "./journal.ts";

/** The server that is killed. */
export const KILLED: Place = 0;
/** How long a server, and the database, is away before it is started again, in milliseconds. */
const SERVER_AWAY_MS = 1000;
const DATABASE_AWAY_MS = 1500;
/** How long it may take until a server acknowledges something again, in milliseconds. */
const RECOVERY_DEADLINE_MS = 30_000;

export interface Played {
  readonly journal: Journal;
  readonly began: number;
  /** When the last message was acknowledged. */
  readonly ended: number;
  /** From the kill until the server listened again. */
  readonly server: Outage;
  /** From the crash until PostgreSQL took connections again. */
  readonly database: Outage;
}

/**
 * Lets every member send for a time. After one third of it one server is killed and started again a second later, after two
 * thirds the database crashes and comes back. On a slow machine each step waits until the one before is overcome.
 */
export async function play(installation: Installation, postgres: CrashingPostgres, seconds: number): Promise<Played> {
  const journal: Journal = { acknowledged: [], troubles: [] };
  const began = performance.now();
  let isOver = false;
  const clients = installation.members.map((member, index) =>
    runClient({ ...member, urls: installation.urls, home: index % 2 === 0 ? 0 : 1, journal, goesOn: () => !isOver }),
  );
  const thirds = (count: number) => delay(Math.max(0, began + (count / 3) * seconds * 1000 - performance.now()));
  const disturb = async () => {
    await thirds(1);
    const server = await outage(async () => {
      await installation.kill(KILLED);
      await delay(SERVER_AWAY_MS);
      await installation.restart(KILLED);
    });
    await Promise.all([thirds(2), untilTaken(journal, KILLED, server.until)]);
    const database = await outage(() => postgres.crash(DATABASE_AWAY_MS));
    await Promise.all([thirds(3), untilTaken(journal, 0, database.until), untilTaken(journal, 1, database.until)]);
    isOver = true;
    return { server, database };
  };
  try {
    const [outages] = await Promise.all([disturb(), ...clients]);
    return { journal, began, ended: performance.now(), ...outages };
  } finally {
    isOver = true;
  }
}

/**
 * Waits until a server has acknowledged something after a moment.
 * @throws Error where it does not
 */
async function untilTaken({ acknowledged }: Journal, place: Place, since: number): Promise<void> {
  while (acknowledged.findLast((one) => one.place === place && one.at > since) === undefined) {
    if (performance.now() > since + RECOVERY_DEADLINE_MS) throw new Error(`server ${place} does not come back`);
    await delay(50);
  }
}

async function outage(bringAbout: () => Promise<void>): Promise<Outage> {
  const from = performance.now();
  await bringAbout();
  return { from, until: performance.now() };
}
