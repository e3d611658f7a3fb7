import { createClock } from "../../clock.ts";
import type { Config } from "../../config.ts";
import { copyDatabase } from "../../copy/copy.ts";
import { readPlace } from "../../copy/place.ts";
import type { Comparison } from "../../copy/verify.ts";
import { copyProgress } from "../copy-progress.ts";
import type { Io } from "../io.ts";
import type { StopSignal } from "../stop-signal.ts";

export interface CopyCommandOptions {
  /** Default: the configured database. */
  readonly from?: string;
  readonly to: string;
}

/** Digits of a checksum that are shown. */
const SHOWN_DIGITS = 16;

/**
 * Copies a database into another, says how far it is, and prints what the two hold.
 * @returns the exit code: 1 where they are not equal at the end
 */
export async function copy(
  io: Io,
  options: CopyCommandOptions,
  load: () => Promise<Config>,
  stop: StopSignal,
): Promise<number> {
  const to = readPlace("--to", options.to, process.cwd());
  const from = readPlace(
    options.from === undefined ? "DATABASE_URL" : "--from",
    options.from ?? (await load()).databaseUrl,
    process.cwd(),
  );
  const stopping = new AbortController();
  void stop.requested.then(() => stopping.abort());
  const clock = createClock();
  const progress = copyProgress(io, clock.milliseconds);
  try {
    const started = clock.milliseconds();
    const { source, target, tables } = await copyDatabase({
      from,
      to,
      signal: stopping.signal,
      now: clock.moment,
      onProgress: progress.show,
    });
    progress.end();
    io.out(comparisonTable(tables));
    if (!tables.every(({ isEqual }) => isEqual)) {
      io.err("Error: The target is not equal to the source: something else has written to it meanwhile.");
      io.err("See that nothing does, and run the same command again: it mends what differs.");
      return 1;
    }
    io.out(`The target ${target}`);
    io.out(`is now equal to what the source ${source}`);
    io.out(`held when the copy began; it took ${Math.ceil((clock.milliseconds() - started) / 1000)} s.`);
    io.out("SECRET_KEY is not in the database: servers on the target need the one that servers on the source have.");
    return 0;
  } finally {
    progress.end();
  }
}

function comparisonTable(tables: readonly Comparison[]): string {
  const count = (rows: number) => rows.toLocaleString("en");
  const rows = tables.map(({ table, source, target, isEqual }) => [
    table,
    source.rows === target.rows ? count(source.rows) : `${count(source.rows)} / ${count(target.rows)}`,
    source.checksum.slice(0, SHOWN_DIGITS),
    target.checksum.slice(0, SHOWN_DIGITS),
    isEqual ? "equal" : "NOT EQUAL",
  ]);
  const all = [["table", "rows", "checksum of source", "checksum of target", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
