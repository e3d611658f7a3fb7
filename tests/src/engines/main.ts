// Runs the suites on every engine: what `npm test` starts. CONTRIBUTING.md tells its options.
import { globSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { type Columns, openColumns, runsOn } from "./columns.ts";
import { withSkippedSuites } from "./comparison.ts";
import { parseOptions, type TestOptions, UsageError } from "./options.ts";
import type { FileOutcome } from "./outcome.ts";
import { printFile, printReport } from "./report.ts";
import { runFile } from "./run-file.ts";

/** A test that hangs fails after this, and a file that hangs after its tests is ended, in milliseconds. */
const TEST_DEADLINE_MS = 240_000;
const FILE_DEADLINE_MS = 290_000;

/** The files that take longest, in this order: begun first, they do not run alone at the end. */
const LONG = ["privacy/privacy", "chaos/chaos", "db/durability", "cli/users", "cli/asking", "cli/runserver"];

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => interruption.abort(new Error(`Interrupted by ${signal}`)));

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function main(options: TestOptions): Promise<number> {
  const started = performance.now();
  const files = findFiles(options.paths);
  const columns = await openColumns(options, [...new Set(files.map(suiteOf))]);
  try {
    const outcomes = await runAll(files, columns, options);
    const isGood = await printReport(withSkippedSuites(outcomes), columns.all, (performance.now() - started) / 1000);
    if (!interruption.signal.aborted) return isGood ? 0 : 1;
    console.log(`${interruption.signal.reason}: not everything ran.`);
    return 130;
  } finally {
    await columns.close();
  }
}

/** Runs every file on its columns, some at once. */
async function runAll(files: readonly string[], columns: Columns, options: TestOptions): Promise<FileOutcome[]> {
  // The tests wait for their own servers most of the time, so two files at once pay even on one core.
  const { histories, concurrency = Math.max(2, availableParallelism()) } = options;
  const jobs = files.flatMap((file) => {
    const suite = suiteOf(file);
    return columns.all.filter((column) => runsOn(suite, column)).map((column) => ({ file, suite, column }));
  });
  // Each run listens for what nobody catches.
  process.setMaxListeners(concurrency * 2 + 20);
  // Only a longer property run may take longer.
  const deadline = histories === undefined ? [`--test-timeout=${TEST_DEADLINE_MS}`] : [];
  const outcomes: FileOutcome[] = [];
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined && !interruption.signal.aborted; job = jobs.shift()) {
      const deadlines = histories === undefined ? [AbortSignal.timeout(FILE_DEADLINE_MS)] : [];
      const outcome = await runFile({
        ...job,
        nodeFlags: [...deadline, ...options.nodeFlags],
        signal: AbortSignal.any([interruption.signal, ...deadlines]),
      });
      printFile(outcome);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return outcomes;
}

/** @throws UsageError where a path names no test */
function findFiles(paths: readonly string[]): string[] {
  const patterns = paths.length > 0 ? paths : ["tests/src"];
  const found = patterns.flatMap((pattern) => {
    const isFolder = statSync(pattern, { throwIfNoEntry: false })?.isDirectory() === true;
    const files = globSync(isFolder ? join(pattern, "**/*.test.ts") : pattern);
    if (files.length === 0) throw new UsageError(`There is no test at ${pattern}.`);
    return files;
  });
  const place = (file: string) => {
    const index = LONG.findIndex((long) => file.includes(long));
    return index === -1 ? LONG.length : index;
  };
  return [...new Set(found)].toSorted((one, other) => place(one) - place(other) || (one < other ? -1 : 1));
}

/** The folder of tests/src that a file is in. */
function suiteOf(file: string): string {
  return /(?:^|\/)tests\/src\/([^/]+)\//.exec(file)?.[1] ?? "others";
}
