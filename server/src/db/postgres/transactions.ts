import { setTimeout as delay } from "node:timers/promises";

import type { Client, ClientConfig, Pool, PoolClient } from "pg";

import { Unavailable } from "../database.ts";
import type { Statement } from "../statement.ts";
import type { Params, Transaction } from "../transaction.ts";
import { driver } from "./connection.ts";
import { asked, StatementFailed } from "./errors.ts";
import type { Query } from "./query.ts";

/** Transactions that may wait for a connection, and how long, in milliseconds. */
const WAITING_LIMIT = 1000;
const WAITING_DEADLINE_MS = 5000;
/** How long a connection that nobody needs is kept, in milliseconds. */
const IDLE_MS = 300_000;
/** How often a body is run that runs into other transactions. */
const ATTEMPTS = 5;
/** About how long the first of them keeps out of the other's way, in milliseconds. */
const PAUSE_MS = 5;

type MakeQuery = (statement: Statement, params: Params) => Query | undefined;

/** Connections that one transaction at a time has to itself. */
export class Transactions {
  #pool: Promise<Pool> | undefined;
  readonly #running = new Set<Promise<unknown>>();
  readonly #config: ClientConfig;
  readonly #count: number;
  readonly #query: MakeQuery;

  constructor(config: ClientConfig, count: number, query: MakeQuery) {
    this.#config = config;
    this.#count = count;
    this.#query = query;
  }

  /** @throws what the body throws, StatementFailed, or Unavailable when too many wait */
  run<T>(body: () => Transaction<T>): Promise<T> {
    const result = this.#untilDone(body);
    this.#running.add(result);
    const forget = () => void this.#running.delete(result);
    result.then(forget, forget);
    return result;
  }

  async #untilDone<T>(body: () => Transaction<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(body);
      } catch (error) {
        const isConflict = error instanceof StatementFailed && error.meaning === "conflict";
        if (attempt === ATTEMPTS || !isConflict) throw error;
        await delay(PAUSE_MS * attempt * (0.5 + Math.random()));
      }
    }
  }

  /** Waits for the transactions under way, and for those that wait for a connection. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#running);
    await (await this.#pool)?.end();
  }

  async #attempt<T>(body: () => Transaction<T>): Promise<T> {
    const pool = await (this.#pool ??= this.#open());
    if (pool.waitingCount >= WAITING_LIMIT) throw new Unavailable("Too many writes are waiting.");
    const client = await asked(pool.connect());
    let isUsable = false;
    try {
      const result = await runBody(client, this.#query, body);
      isUsable = true;
      return result;
    } catch (error) {
      isUsable = await rollBack(client, error);
      throw error;
    } finally {
      client.release(!isUsable);
    }
  }

  async #open(): Promise<Pool> {
    const { Pool: Driver } = await driver();
    const pool = new Driver({
      ...this.#config,
      max: this.#count,
      connectionTimeoutMillis: WAITING_DEADLINE_MS,
      idleTimeoutMillis: IDLE_MS,
    });
    // A connection that breaks is replaced when one is needed; a statement under way on it hears of that by itself.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  }
}

/** Runs a body between `begin` and `commit`; `begin` goes out together with the first statement. */
export async function runBody<T>(
  client: PoolClient | Client,
  query: MakeQuery,
  body: () => Transaction<T>,
): Promise<T> {
  const begun = client.query("begin");
  // A statement behind a `begin` that failed fails too, and says why.
  begun.catch(() => {});
  const steps = body();
  let step = steps.next();
  while (!step.done) {
    const next = query(step.value.statement, step.value.params);
    step = steps.next(next === undefined ? [] : (await asked(client.query(next))).rows);
  }
  await asked(begun);
  const { command } = await asked(client.query("commit"));
  if (command !== "COMMIT") throw new Unavailable("The database did not commit.");
  return step.value;
}

/** @returns whether the connection can be used again */
async function rollBack(client: PoolClient, error: unknown): Promise<boolean> {
  if (error instanceof StatementFailed && error.meaning === "lost") return false;
  try {
    await client.query("rollback");
    return true;
  } catch {
    return false;
  }
}
