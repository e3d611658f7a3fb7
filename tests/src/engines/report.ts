import { spec } from "node:test/reporters";

import type { Column } from "./columns.ts";
import { differences } from "./comparison.ts";
import { countOf, type FileOutcome } from "./outcome.ts";
import { table } from "./table.ts";

/** One line as soon as a file is done, and below it what its tests printed. */
export function printFile({ file, column, tests, skippedSuites, failures, printed, seconds }: FileOutcome): void {
  const skipped = tests.filter(({ result }) => result === "skipped").length;
  const passed = tests.filter(({ result }) => result === "passed").length;
  const counts = [
    `${passed} passed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(skippedSuites.length > 0 ? [`suites skipped: ${skippedSuites.length}`] : []),
    ...(failures.length > 0 ? [`${failures.length} FAILED`] : []),
  ];
  const mark = failures.length > 0 ? "✖" : "✔";
  console.log(
    `${mark} ${column}: ${file.replace(/^tests\/src\//, "")}: ${counts.join(", ")} (${seconds.toFixed(1)} s)`,
  );
  if (printed !== "") console.log(printed.trimEnd().replaceAll(/^(?=.)/gm, "    "));
}

/**
 * Prints what failed in full, what was skipped and why, where the columns differ, and the table.
 * @returns whether everything is as it should be
 */
export async function printReport(
  outcomes: readonly FileOutcome[],
  columns: readonly Column[],
  seconds: number,
): Promise<boolean> {
  await printFailures(outcomes);
  const titles = columns.map(({ title }) => title);
  const empty = titles.filter((title) => outcomes.every(({ column, tests }) => column !== title || tests.length === 0));
  const problems = [...differences(outcomes), ...empty.map((title) => `${title} ran no tests`)];
  for (const line of skips(outcomes)) console.log(line);
  console.log(`\n${table(outcomes, titles)}\n`);
  for (const { title, reported } of columns)
    if (reported !== undefined) console.log(`${title}: server_version ${reported}`);
  for (const problem of problems) console.log(`✖ ${problem}`);
  const failed = outcomes.reduce((sum, { failures }) => sum + failures.length, 0);
  const counts = [`${countOf(outcomes, "passed")} passed`, `${countOf(outcomes, "skipped")} skipped`];
  console.log(`${counts.join(", ")}, ${failed} failed in ${seconds.toFixed(0)} s`);
  return failed === 0 && problems.length === 0;
}

async function printFailures(outcomes: readonly FileOutcome[]): Promise<void> {
  const failures = outcomes.flatMap(({ column, failures: failed }) => {
    // What was not run because something before it failed says nothing of its own.
    const told = failed.filter(({ data }) => !wasCancelled(data.details.error));
    return (told.length > 0 ? told : failed).map(({ name, data }) => ({
      ...data,
      name: `${column}: ${name}`,
      nesting: 0,
    }));
  });
  if (failures.length === 0) return;
  const reporter = new spec();
  for (const data of failures) reporter.write({ type: "test:fail", data });
  reporter.end();
  // It names each one as it comes, and at its end shows them in full.
  const chunks: unknown[] = await reporter.toArray();
  console.log(String(chunks.at(-1)));
}

const wasCancelled = (error: Error) => "failureType" in error && error.failureType === "cancelledByParent";

/** How many tests each column skipped, by suite and reason. */
function skips(outcomes: readonly FileOutcome[]): string[] {
  const reasons = outcomes.flatMap(({ column, suite, tests }) =>
    tests
      .filter(({ result }) => result === "skipped")
      .map(({ reason = "without a reason" }) => `in ${suite} on ${column}: ${reason}`),
  );
  return [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => `${all.length} skipped ${reason}`)
    .toSorted((one, other) => one.slice(one.indexOf(" ")).localeCompare(other.slice(other.indexOf(" "))));
}
