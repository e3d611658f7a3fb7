import type { Client } from "pg";

import { Unavailable } from "../database.ts";
import type { Row } from "../transaction.ts";
import { asked, StatementFailed } from "./errors.ts";
import type { Query } from "./query.ts";

/**
 * One connection for statements that are a transaction each. They go out as they come, and the answers come back in order
 * (pipelining): nobody waits for a round trip of somebody else's. It connects when it is first used, and again after it was
 * lost.
 */
class Lane {
  waiting = 0;
  #client: Promise<Client> | undefined;
  readonly #connect: () => Promise<Client>;

  constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  async run(query: Query): Promise<readonly Row[]> {
    this.waiting += 1;
    const opened = (this.#client ??= this.#open());
    try {
      const client = await opened;
      return (await asked(client.query<Row>(query))).rows;
    } catch (error) {
      if (error instanceof StatementFailed && error.meaning === "lost") this.#forget(opened);
      throw error;
    } finally {
      this.waiting -= 1;
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    await client?.end();
  }

  #open(): Promise<Client> {
    const opened = this.#connect();
    opened.then((client) => client.once("end", () => this.#forget(opened))).catch(() => this.#forget(opened));
    return opened;
  }

  /** The next statement connects anew; what is under way on the old connection ends with it. */
  #forget(opened: Promise<Client>) {
    if (this.#client !== opened) return;
    this.#client = undefined;
    opened.then((client) => client.end()).catch(() => {});
  }
}

/** Some lanes; each statement takes the one where the fewest wait. */
export class Lanes {
  readonly #lanes: readonly Lane[];
  readonly #waitingLimit: number;

  /** @param waitingLimit statements that may be under way on one lane; beyond it one is refused at once */
  constructor(count: number, waitingLimit: number, connect: () => Promise<Client>) {
    this.#lanes = Array.from({ length: count }, () => new Lane(connect));
    this.#waitingLimit = waitingLimit;
  }

  /** @throws StatementFailed, or Unavailable when too many wait */
  async run(query: Query): Promise<readonly Row[]> {
    const lane = this.#lanes.reduce((best, one) => (one.waiting < best.waiting ? one : best));
    if (lane.waiting >= this.#waitingLimit) throw new Unavailable("Too many statements are waiting.");
    return lane.run(query);
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}
