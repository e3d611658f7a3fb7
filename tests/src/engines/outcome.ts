import type { EventData } from "node:test";

/** How one test went. */
export interface TestOutcome {
  /** Its name, after those of the suites around it. */
  readonly name: string;
  readonly result: "passed" | "failed" | "skipped";
  /** Why it was skipped, where it says so. */
  readonly reason?: string;
}

/** How the tests of one file went, on one column. */
export interface FileOutcome {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly suite: string;
  /** The column's title. */
  readonly column: string;
  readonly tests: readonly TestOutcome[];
  /** Suites that were skipped: of the tests in them nothing is heard. */
  readonly skippedSuites: readonly Omit<TestOutcome, "result">[];
  /** What failed: tests, hooks, the file itself. */
  readonly failures: readonly { readonly name: string; readonly data: EventData.TestFail }[];
  /** What the file wrote. */
  readonly printed: string;
  readonly seconds: number;
}

export const countOf = (outcomes: readonly FileOutcome[], result: TestOutcome["result"]) =>
  outcomes.reduce((sum, { tests }) => sum + tests.filter((test) => test.result === result).length, 0);
