import { createHash } from "node:crypto";

import { CopyProblem, RUN_AGAIN } from "./copy-problem.ts";
import { pagesOf, type Readable } from "./pages.ts";
import { statementsOf } from "./statements.ts";
import type { CopiedTable } from "./tables.ts";

/** What a table holds. */
interface Contents {
  /** As the database counts them itself. */
  readonly rows: number;
  /**
   * SHA-256, in hexadecimal, over the rows in the order of their key: of each a JSON array of its values, in the order of
   * its columns, and a line feed. The same on both engines.
   */
  readonly checksum: string;
}

export interface Comparison {
  readonly table: string;
  readonly source: Contents;
  readonly target: Contents;
  readonly isEqual: boolean;
}

/**
 * Reads a table on both sides, all of it, and compares. Holds a page of each side in memory.
 * @param onRows takes how many rows of the source were read since the last call
 */
export async function compareTable(
  table: CopiedTable,
  source: Readable,
  target: Readable,
  signal: AbortSignal,
  onRows: (count: number) => void,
): Promise<Comparison> {
  const [here, there] = await Promise.all([
    contentsOf(source, table, signal, onRows),
    contentsOf(target, table, signal, () => {}),
  ]);
  const isEqual = here.rows === there.rows && here.checksum === there.checksum;
  return { table: table.name, source: here, target: there, isEqual };
}

async function contentsOf(
  database: Readable,
  table: CopiedTable,
  signal: AbortSignal,
  onRows: (count: number) => void,
): Promise<Contents> {
  const statements = statementsOf(table);
  const hash = createHash("sha256");
  for await (const page of pagesOf(database, table, statements)) {
    if (signal.aborted) throw new CopyProblem("The copy was stopped before it was verified.", RUN_AGAIN);
    let text = "";
    for (const row of page) text += `${JSON.stringify(Object.values(row))}\n`;
    hash.update(text);
    onRows(page.length);
  }
  const [counted] = await database.all(statements.count, {});
  return { rows: counted?.count ?? 0, checksum: hash.digest("hex") };
}
