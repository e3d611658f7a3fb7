import { run } from "node:test";

import type { Column } from "./columns.ts";
import type { FileOutcome, TestOutcome } from "./outcome.ts";

interface FileRun {
  readonly file: string;
  readonly suite: string;
  readonly column: Column;
  readonly nodeFlags: readonly string[];
  readonly signal: AbortSignal;
}

/** These the run sets itself, for each column. */
const OWN_VARIABLES = ["EARSHOT_TEST_DATABASE_URL", "EARSHOT_TEST_SCHEMA_PREFIX"];

/** An id in a test's name is another one in every run. */
const UUID = /[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}/gi;

/** Runs one test file on one column, in a process of its own. */
export async function runFile({ file, suite, column, nodeFlags, signal }: FileRun): Promise<FileOutcome> {
  const started = performance.now();
  const inherited = Object.entries(process.env).filter(([name]) => !OWN_VARIABLES.includes(name));
  const env = { ...Object.fromEntries(inherited), ...column.env };
  const tests: TestOutcome[] = [];
  const skippedSuites: FileOutcome["skippedSuites"][number][] = [];
  const failures: FileOutcome["failures"][number][] = [];
  /** The names of the suites around the current test, by nesting. */
  const names: string[] = [];
  let printed = "";

  for await (const { type, data } of run({ files: [file], env, execArgv: nodeFlags, signal })) {
    if (type === "test:stdout" || type === "test:stderr") printed += data.message;
    if (type === "test:start") names[data.nesting] = data.name;
    if (type !== "test:pass" && type !== "test:fail") continue;

    // A file appears as a test itself where it has no tests, or fails besides them.
    const isFile = data.nesting === 0 && data.name === file;
    const name = isFile
      ? "the file"
      : [...names.slice(0, data.nesting), data.name].join(" > ").replaceAll(UUID, "<id>");
    if (type === "test:fail" && !failedInside(data.details.error)) failures.push({ name, data });
    const { result, ...reason } = resultOf(type === "test:pass", data);
    if (data.details.type === "suite") {
      if (result === "skipped") skippedSuites.push({ name, ...reason });
    } else if (!isFile || type === "test:fail") tests.push({ name, result, ...reason });
  }
  const seconds = (performance.now() - started) / 1000;
  return { file, suite, column: column.title, tests, skippedSuites, failures, printed, seconds };
}

/** Whether a suite or test failed only because one within it did, which is told by itself. */
const failedInside = (error: Error) => "failureType" in error && error.failureType === "subtestsFailed";

function resultOf(
  passed: boolean,
  { skip, todo }: { skip?: string | boolean; todo?: string | boolean },
): Omit<TestOutcome, "name"> {
  const put = skip ?? todo;
  if (put === undefined) return { result: passed ? "passed" : "failed" };
  return typeof put === "string" && put !== "" ? { result: "skipped", reason: put } : { result: "skipped" };
}
