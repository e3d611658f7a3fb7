import { existsSync } from "node:fs";

import type { Database } from "../db/database.ts";
import { migrate, NewerDatabase } from "../db/migrate.ts";
import { all } from "../db/transaction.ts";
import { CopyProblem, problemOf } from "./copy-problem.ts";
import { beginCopy, finishCopy, refuseOccupied, refuseUnfinished } from "./marker.ts";
import { nameOf, type Place } from "./place.ts";
import { reconcile } from "./reconcile.ts";
import { openSnapshot, type Snapshot } from "./snapshot.ts";
import { requireThisVersion } from "./source-version.ts";
import { statementsOf } from "./statements.ts";
import { copiedTables } from "./tables.ts";
import { openTarget } from "./target.ts";
import { UNTIMED } from "./untimed.ts";
import { type Comparison, compareTable } from "./verify.ts";

export interface Progress {
  readonly step: "copying" | "verifying";
  /** The table that is at work. */
  readonly table: string;
  /** Rows of the source that this step is done with, of all tables. */
  readonly rows: number;
  readonly total: number;
}

export interface CopyOptions {
  readonly from: Place;
  readonly to: Place;
  /** Ends it between two transactions; run again it goes on. */
  readonly signal: AbortSignal;
  /** The present, as the database stores it. */
  readonly now: () => string;
  readonly onProgress: (progress: Progress) => void;
}

export interface Copied {
  /** What to call the two. */
  readonly source: string;
  readonly target: string;
  readonly tables: readonly Comparison[];
}

/**
 * Brings a database to the rows that another has at this moment, then compares all of both. Run again it goes on where it
 * was stopped, and takes over what has changed in the source since. The memory it takes does not grow with the rows.
 * @throws CopyProblem where it cannot begin or go on, NewerDatabase where the target was migrated by a newer version
 */
export async function copyDatabase({ from, to, signal, now, onProgress }: CopyOptions): Promise<Copied> {
  if (from.kind === "file" && !existsSync(from.path))
    throw new CopyProblem(`There is no source ${nameOf(from)}.`, "Nothing was changed. Write the path of its file.");
  const source = await openSnapshot(from, "source");
  try {
    await requireThisVersion(source);
    await refuseUnfinished(source);
    const target = await refuseTarget(source, to);
    const tables = await fill(source, to, { signal, now, onProgress });
    return { source: source.name, target, tables };
  } finally {
    await source.close();
  }
}

/** Looks at the target before anything is changed in it. @returns its name */
async function refuseTarget(source: Snapshot, to: Place): Promise<string> {
  if (to.kind === "file" && !existsSync(to.path)) return nameOf(to);
  const target = await openSnapshot(to, "target");
  try {
    if (target.identity === source.identity)
      throw new CopyProblem("Source and target are the same database.", "Nothing was changed.");
    await refuseOccupied(target, source.name);
    return target.name;
  } finally {
    await target.close();
  }
}

type Rest = Pick<CopyOptions, "signal" | "now" | "onProgress">;

async function fill(source: Snapshot, to: Place, { signal, now, onProgress }: Rest): Promise<readonly Comparison[]> {
  const side = `The target ${nameOf(to)}`;
  let target: Database | undefined;
  try {
    target = openTarget(to);
    await migrate(target, now());
    const run = await beginCopy(target, source.name, now());
    const counted = await counter(source, onProgress);

    const copied = counted("copying");
    const left = new Set<string>();
    for (const table of copiedTables) {
      const superfluous = await reconcile(
        table,
        { source, target, run, signal },
        !table.isReferenced,
        copied(table.name),
      );
      if (superfluous > 0) left.add(table.name);
    }
    // Nothing points to these any more.
    for (const table of copiedTables.toReversed())
      if (left.has(table.name)) await reconcile(table, { source, target, run, signal }, true, () => {});
    await analyze(target);

    const verified = counted("verifying");
    const comparisons: Comparison[] = [];
    for (const table of copiedTables)
      comparisons.push(await compareTable(table, source, target, signal, verified(table.name)));
    if (comparisons.every(({ isEqual }) => isEqual)) await finishCopy(target, run, now());
    return comparisons;
  } catch (error) {
    throw error instanceof NewerDatabase ? error : problemOf(side, error);
  } finally {
    await target?.close();
  }
}

/** Counts the rows of a step through all tables, beside how many there are. */
async function counter(source: Snapshot, onProgress: CopyOptions["onProgress"]) {
  let total = 0;
  for (const table of copiedTables) total += (await source.all(statementsOf(table).count, {}))[0]?.count ?? 0;
  return (step: Progress["step"]) => {
    let rows = 0;
    return (table: string) => (count: number) => {
      rows += count;
      onProgress({ step, table, rows, total });
    };
  };
}

/** PostgreSQL plans by samples, and takes them itself only after a while. */
async function analyze(target: Database): Promise<void> {
  if (target.words.engine !== "postgres") return;
  await target.writeAtLength(function* () {
    yield* all(raw(UNTIMED), {});
    yield* all(raw(`analyze ${copiedTables.map(({ name }) => name).join(", ")}`), {});
  });
}

const raw = (sql: string) => ({ name: "", params: {}, row: {}, sql: () => sql });
