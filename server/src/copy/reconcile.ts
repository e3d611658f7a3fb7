import type { Database } from "../db/database.ts";
import { all } from "../db/transaction.ts";
import { CopyProblem, RUN_AGAIN } from "./copy-problem.ts";
import { Cursor } from "./cursor.ts";
import { compareKeys, isEqual, keyOf, textWithZero } from "./rows.ts";
import { requireRun } from "./marker.ts";
import { pagesOf, type Readable } from "./pages.ts";
import { type Row, rowsText, statementsOf } from "./statements.ts";
import type { CopiedTable } from "./tables.ts";
import { UNTIMED } from "./untimed.ts";

export interface Copying {
  readonly source: Readable;
  readonly target: Database;
  readonly run: string;
  readonly signal: AbortSignal;
}

interface Changes {
  readonly written: Row[];
  /** Keys. */
  readonly removed: Row[];
}

/** Deletions that are made together at most. */
const REMOVED_AT_ONCE = 5000;

/**
 * Brings one table of the target to what the source has: goes through both in the order of their keys, and writes what
 * differs, a page of the source a transaction. What is equal costs the reading.
 *
 * A row that is written may need what another row of the target still holds, say a user name. That other row differs from
 * the source too, for there nobody shares it: it is released, and written or removed when its own turn comes.
 *
 * @param removes whether rows that the source does not have are removed now
 * @returns how many of these were left
 * @throws CopyProblem
 */
export async function reconcile(
  table: CopiedTable,
  { source, target, run, signal }: Copying,
  removes: boolean,
  onRows: (count: number) => void,
): Promise<number> {
  const statements = statementsOf(table);
  const from = new Cursor(pagesOf(source, table, statements));
  const into = new Cursor(pagesOf(target, table, statements));
  let changes: Changes = { written: [], removed: [] };
  let writing = Promise.resolve();
  let left = 0;
  let passed = 0;
  let hasStaleRows = false;

  const write = ({ written, removed }: Changes, releases: typeof statements.releases) =>
    target.write(function* () {
      if (target.words.engine === "postgres") yield* all(untimed, {});
      yield* requireRun(run);
      if (removed.length > 0) yield* all(statements.remove, { rows: rowsText(target.words, table.key, removed) });
      if (written.length === 0) return;
      const rows = rowsText(target.words, Object.keys(table.columns), written);
      for (const release of releases) yield* all(release, { rows });
      yield* all(statements.write, { rows });
    });

  /** Writes what has been found while the next page is read. */
  const flush = async () => {
    onRows(passed);
    passed = 0;
    if (signal.aborted) throw new CopyProblem("The copy was stopped.", `The target is not complete. ${RUN_AGAIN}`);
    if (changes.written.length + changes.removed.length === 0) return;
    const found = changes;
    changes = { written: [], removed: [] };
    await writing;
    writing = write(found, hasStaleRows || !into.isExhausted ? statements.releases : []);
    // Heard of when it is waited for.
    writing.catch(() => {});
  };

  try {
    for (;;) {
      if (from.isEmpty) {
        await flush();
        await from.fill();
      }
      if (into.isEmpty) await into.fill();
      const wanted = from.row;
      const found = into.row;
      if (wanted === undefined && found === undefined) break;
      const order = compareKeys(table, wanted, found);
      if (order <= 0) {
        from.next();
        passed += 1;
      }
      if (order >= 0) into.next();
      if (wanted !== undefined && order <= 0) {
        const isThere = order === 0 && found !== undefined;
        if (isThere && isEqual(wanted, found)) continue;
        hasStaleRows ||= isThere;
        if (target.words.engine === "postgres") refuseZero(table, wanted);
        changes.written.push(wanted);
      } else if (found !== undefined) {
        hasStaleRows = true;
        if (removes) changes.removed.push(keyOf(table, found));
        else left += 1;
        if (changes.removed.length >= REMOVED_AT_ONCE) await flush();
      }
    }
    await flush();
    await writing;
    return left;
  } finally {
    // Also where the source failed: nothing is under way when this returns.
    await writing.catch(() => {});
  }
}

/** PostgreSQL's texts cannot hold the character zero; SQLite's can. */
function refuseZero(table: CopiedTable, row: Row): void {
  const column = textWithZero(row);
  if (column === undefined) return;
  throw new CopyProblem(
    `PostgreSQL cannot store the character zero (U+0000), which stands in ${column} of the row ` +
      `${JSON.stringify(keyOf(table, row))} of the table ${table.name}.`,
    `Change or delete that row in the source. ${RUN_AGAIN}`,
  );
}

const untimed = { name: "", params: {}, row: {}, sql: () => UNTIMED };
