import { randomUUID } from "node:crypto";

import type { Database } from "../db/database.ts";
import { type Statement, statement } from "../db/statement.ts";
import { all, first, type Transaction } from "../db/transaction.ts";
import { CopyProblem, RUN_AGAIN } from "./copy-problem.ts";
import type { Readable } from "./pages.ts";
import { copiedTables } from "./tables.ts";

/**
 * A copy's target has a table of one row, from before its first row is written until a server starts on it: of which
 * source it is a copy, and which run of the command may write now.
 */
const MARKER = "earshot_copy";

interface Marker {
  readonly source: string;
  readonly finished_at: string | null;
}

/**
 * What a server does before it serves: refuses a database into which a copy has not finished, and takes a finished one for
 * its own, so that no further copy overwrites what is written from now on.
 * @throws CopyProblem, Unavailable
 */
export async function adoptCopied(database: Database): Promise<void> {
  if ((await database.first(hasMarker, {})) === undefined) return;
  await database.writeAtLength(function* () {
    yield* lock(database);
    const marker = yield* markerWithin();
    if (marker === undefined) return;
    if (marker.finished_at === null) throw unfinished(marker);
    yield* all(raw(`drop table ${MARKER}`), {});
  });
}

/**
 * Looks whether a copy of `source` may be written here. Changes nothing.
 * @throws CopyProblem where the database holds something else
 */
export async function refuseOccupied(database: Readable, source: string): Promise<void> {
  const marker = (await isThere(database, hasMarker)) ? (await database.all(readMarker, {}))[0] : undefined;
  if (marker !== undefined) return refuseOther(marker, source);
  for (const { name } of copiedTables) {
    const isOccupied = (await isThere(database, hasTable(name))) && (await isThere(database, anyRow(name)));
    if (isOccupied) throw occupied();
  }
}

/** @throws CopyProblem where the database is itself what an unfinished copy left */
export async function refuseUnfinished(database: Readable): Promise<void> {
  const marker = (await isThere(database, hasMarker)) ? (await database.all(readMarker, {}))[0] : undefined;
  if (marker !== undefined && marker.finished_at === null) throw unfinished(marker);
}

/**
 * Marks a migrated database as the target of a copy that is under way.
 * @returns the run, which each of its writes names
 * @throws CopyProblem where the database holds something else
 */
export async function beginCopy(database: Database, source: string, now: string): Promise<string> {
  const run = randomUUID();
  await database.writeAtLength(function* () {
    yield* lock(database);
    const marker = yield* markerWithin();
    if (marker !== undefined) refuseOther(marker, source);
    else {
      for (const { name } of copiedTables) if ((yield* first(anyRow(name), {})) !== undefined) throw occupied();
      yield* all(createMarker, {});
    }
    yield* all(deleteMarker, {});
    yield* all(insertMarker, { source, run, now });
  });
  return run;
}

/** Inside a transaction that writes: that this run is still the one that may. @throws CopyProblem */
export function* requireRun(run: string): Transaction<void> {
  if ((yield* first(hasMarker, {})) === undefined || (yield* first(holdRun, { run })) === undefined)
    throw new CopyProblem(
      "The target was taken over meanwhile, by another copy into it or by a server that was started on it.",
      "Nothing was written since. Let one copy end before another begins or a server starts.",
    );
}

/** Says that the copy is complete. @throws CopyProblem where this run may write no more */
export async function finishCopy(database: Database, run: string, now: string): Promise<void> {
  await database.write(function* () {
    yield* requireRun(run);
    yield* all(finishMarker, { run, now });
  });
}

function* markerWithin(): Transaction<Marker | undefined> {
  if ((yield* first(hasMarker, {})) === undefined) return undefined;
  return yield* first(readMarker, {});
}

/** A server and a copy that begin at once do so one after the other. */
function* lock({ words }: Database): Transaction<void> {
  for (const text of words.lockMigrations) yield* all(raw(text), {});
}

const isThere = async (database: Readable, asked: Statement<{}, { readonly found: "integer" }>) =>
  (await database.all(asked, {})).length > 0;

function refuseOther(marker: Marker, source: string): void {
  if (marker.source === source) return;
  throw new CopyProblem(
    `The target holds a copy of another source: ${marker.source}.`,
    "Nothing was changed. Name that source with --from, or another target, or empty this one.",
  );
}

const occupied = () =>
  new CopyProblem(
    "The target holds rows already, and they are no copy that is being made.",
    "Nothing was changed. Name a new database; a copy never mixes with what a server has written.",
  );

const unfinished = ({ source }: Marker) =>
  new CopyProblem(
    `The copy from ${source} into this database has not finished.`,
    `${RUN_AGAIN.replace("this one", "it")} It is: npx earshot copy --from … --to …`,
  );

const raw = (sql: string): Statement<{}, {}> => ({ name: "", params: {}, row: {}, sql: () => sql });

const hasTable = (name: string): Statement<{}, { readonly found: "integer" }> => ({
  name: "",
  params: {},
  row: { found: "integer" },
  sql: (words) => words.hasTable(name),
});

const anyRow = (name: string): Statement<{}, { readonly found: "integer" }> => ({
  name: "",
  params: {},
  row: { found: "integer" },
  sql: () => `select 1 as found from ${name} limit 1`,
});

const hasMarker = hasTable(MARKER);

const readMarker = statement({
  name: "",
  params: {},
  row: { source: "text", finished_at: "text?" },
  sql: () => `select source, finished_at from ${MARKER}`,
});

const createMarker = statement({
  name: "",
  params: {},
  row: {},
  sql: ({ text, table }) =>
    `create table ${MARKER}
      (source ${text} not null, run ${text} not null, started_at ${text} not null, finished_at ${text}) ${table}`,
});

const deleteMarker = raw(`delete from ${MARKER}`);

const insertMarker = statement({
  name: "",
  params: { source: "text", run: "text", now: "text" },
  row: {},
  sql: () => `insert into ${MARKER} (source, run, started_at) values ($source, $run, $now)`,
});

const holdRun = statement({
  name: "",
  params: { run: "text" },
  row: { run: "text" },
  sql: ({ forUpdate }) => `select m.run from ${MARKER} m where m.run = $run ${forUpdate("m")}`,
});

const finishMarker = statement({
  name: "",
  params: { run: "text", now: "text" },
  row: {},
  sql: () => `update ${MARKER} set finished_at = $now where run = $run`,
});
