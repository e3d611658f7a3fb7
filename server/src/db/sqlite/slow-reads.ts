import { Worker } from "node:worker_threads";

import { Unavailable } from "../database.ts";
import type { Row, Value } from "../transaction.ts";

export interface SlowRead {
  readonly id: number;
  readonly sql: string;
  readonly values: readonly Value[];
}

export type SlowReadAnswer = { readonly id: number } & (
  | { readonly rows: readonly Row[] }
  // Told apart in the thread: an error loses its code on the way.
  | { readonly error: Error; readonly isTransient: boolean }
);

/** Slow reads that may wait; beyond it one is refused at once. */
const WAITING_LIMIT = 64;
/** How long a slow read may take with its wait, in milliseconds. */
const DEADLINE_MS = 10_000;

interface Job {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
  readonly deadline: NodeJS.Timeout;
}

/**
 * Reads that may look at very many rows, such as a search, on a thread and a connection of their own, so that nobody else
 * waits for them. The thread starts with the first of them.
 */
export class SlowReads {
  readonly #path: string;
  readonly #jobs = new Map<number, Job>();
  #worker: Worker | undefined;
  /** Whether a thread that was given up still works on its last query. */
  #isEnding = false;
  #lastId = 0;

  /** @param path the database's file */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws Unavailable when too many wait, or the read took too long */
  read(sql: string, values: readonly Value[]): Promise<readonly Row[]> {
    if (this.#isEnding || this.#jobs.size >= WAITING_LIMIT)
      return Promise.reject(new Unavailable("Too many slow reads are waiting."));
    const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
    const id = ++this.#lastId;
    const deadline = setTimeout(() => this.#giveUp(), DEADLINE_MS).unref();
    this.#jobs.set(id, { resolve, reject, deadline });
    this.#worker ??= this.#start();
    this.#worker.postMessage({ id, sql, values } satisfies SlowRead);
    return promise;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#failAll(new Unavailable("The server is stopping."));
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./slow-reads-worker.ts", import.meta.url), { workerData: this.#path });
    worker.unref();
    worker.on("message", (answer: SlowReadAnswer) => this.#settle(answer));
    worker.on("error", (error) => {
      if (this.#worker === worker) this.#failAll(new Unavailable("The search failed.", { cause: error }));
    });
    return worker;
  }

  #settle(answer: SlowReadAnswer) {
    const job = this.#jobs.get(answer.id);
    if (job === undefined) return;
    this.#jobs.delete(answer.id);
    clearTimeout(job.deadline);
    if ("rows" in answer) job.resolve(answer.rows);
    else
      job.reject(answer.isTransient ? new Unavailable("The database is busy.", { cause: answer.error }) : answer.error);
  }

  /**
   * SQLite cannot be asked to stop from outside its thread: the thread ends with its query, with all that wait for it, and
   * before another begins.
   */
  #giveUp() {
    const worker = this.#worker;
    this.#failAll(new Unavailable("The search took too long."));
    if (worker === undefined) return;
    this.#isEnding = true;
    const ended = () => {
      this.#isEnding = false;
    };
    worker.terminate().then(ended, ended);
  }

  #failAll(error: unknown) {
    this.#worker = undefined;
    for (const job of this.#jobs.values()) {
      clearTimeout(job.deadline);
      job.reject(error);
    }
    this.#jobs.clear();
  }
}
