import { DatabaseSync, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

import { isTransient } from "./errors.ts";
import type { SlowRead, SlowReadAnswer } from "./slow-reads.ts";

const connection = new DatabaseSync(String(workerData), { readOnly: true, timeout: 2000 });
const prepared = new Map<string, StatementSync>();

function answer({ id, sql, values }: SlowRead): SlowReadAnswer {
  try {
    const statement = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, statement);
    // Rows have no prototype, which a message cannot carry: they arrive as plain objects.
    return { id, rows: statement.all(...values) };
  } catch (error) {
    const thrown = error instanceof Error ? error : new Error(String(error));
    return { id, error: thrown, isTransient: isTransient(error) };
  }
}

parentPort?.on("message", (read: SlowRead) => parentPort?.postMessage(answer(read)));
