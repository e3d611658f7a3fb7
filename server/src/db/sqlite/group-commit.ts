import type { DatabaseSync } from "node:sqlite";

import { Unavailable } from "../database.ts";
import { isTransient } from "./errors.ts";
import type { Transaction } from "../transaction.ts";

interface Job {
  readonly body: () => Transaction<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly job: Job } & ({ readonly value: unknown } | { readonly error: unknown });

/** The most writes that may wait; beyond it a write is refused at once. */
const WAITING_LIMIT = 10_000;
/** The most writes that share one commit, so that readers wait no longer than that takes. */
const BATCH_LIMIT = 256;

/**
 * Group commit: the writes of one turn of the event loop share a transaction and so one fsync, each in a savepoint of its
 * own, and are answered after the commit.
 */
export class GroupCommit {
  #waiting: Job[] = [];
  #scheduled = false;
  #whenIdle: (() => void)[] = [];
  readonly #connection: DatabaseSync;
  readonly #run: (body: Transaction<unknown>) => unknown;
  readonly #words;

  constructor(connection: DatabaseSync, run: (body: Transaction<unknown>) => unknown) {
    this.#connection = connection;
    this.#run = run;
    this.#words = {
      begin: connection.prepare("begin immediate"),
      commit: connection.prepare("commit"),
      savepoint: connection.prepare("savepoint one_write"),
      release: connection.prepare("release one_write"),
      undo: connection.prepare("rollback to one_write"),
    };
  }

  write<T>(body: () => Transaction<T>): Promise<T> {
    if (!this.#connection.isOpen) return Promise.reject(new Unavailable("The server is stopping."));
    if (this.#waiting.length >= WAITING_LIMIT) return Promise.reject(new Unavailable("Too many writes are waiting."));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push({ body, resolve: (value) => resolve(value as T), reject });
    this.#schedule();
    return promise;
  }

  /** Resolves when no write waits. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#commit(this.#waiting.splice(0, BATCH_LIMIT));
      if (this.#waiting.length > 0) this.#schedule();
      else for (const resolve of this.#whenIdle.splice(0)) resolve();
    });
  }

  #commit(batch: readonly Job[]) {
    let outcomes: Outcome[];
    try {
      // The reads of this turn are over.
      if (this.#connection.isTransaction) this.#words.commit.run();
      this.#words.begin.run();
      outcomes = batch.map((job) => this.#one(job));
      this.#words.commit.run();
    } catch (error) {
      // Nothing of the batch is on disk: say so to each of its writers.
      this.#rollBack();
      const reason = isTransient(error) ? new Unavailable("The database cannot write now.", { cause: error }) : error;
      for (const job of batch) job.reject(reason);
      return;
    }
    for (const outcome of outcomes) {
      if ("error" in outcome) outcome.job.reject(outcome.error);
      else outcome.job.resolve(outcome.value);
    }
  }

  /** SQLite may have rolled back by itself, or be closed: the writers hear of it all the same. */
  #rollBack() {
    try {
      if (this.#connection.isOpen && this.#connection.isTransaction) this.#connection.exec("rollback");
    } catch {
      // The next transaction cannot begin, and says why.
    }
  }

  #one(job: Job): Outcome {
    this.#words.savepoint.run();
    try {
      const value = this.#run(job.body());
      this.#words.release.run();
      return { job, value };
    } catch (error) {
      // A full disk or a lost lock ends the whole transaction, not this write alone.
      if (isTransient(error) || !this.#connection.isTransaction) throw error;
      this.#words.undo.run();
      this.#words.release.run();
      return { job, error };
    }
  }
}
