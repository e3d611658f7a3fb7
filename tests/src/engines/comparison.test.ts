import assert from "node:assert/strict";
import { test } from "node:test";

import { differences, withSkippedSuites } from "./comparison.ts";
import type { FileOutcome, TestOutcome } from "./outcome.ts";
import { table } from "./table.ts";

const outcome = (column: string, tests: readonly TestOutcome[], suite = "auth"): FileOutcome => ({
  file: `tests/src/${suite}/one.test.ts`,
  suite,
  column,
  tests,
  skippedSuites: [],
  failures: [],
  printed: "",
  seconds: 1,
});
const passed = (name: string): TestOutcome => ({ name, result: "passed" });
const skipped = (name: string, reason?: string): TestOutcome => ({
  name,
  result: "skipped",
  ...(reason === undefined ? {} : { reason }),
});

test("columns with the same tests do not differ", () => {
  const tests = [passed("a"), passed("b"), passed("b")];
  assert.deepEqual(differences([outcome("one", tests), outcome("other", tests)]), []);
});

test("a test that a column does not have is told", () => {
  const found = differences([outcome("one", [passed("a"), passed("b")]), outcome("other", [passed("a")])]);
  assert.deepEqual(found, [
    'tests/src/auth/one.test.ts: "b" is there a different number of times: 1 on one, 0 on other',
  ]);
});

test("a test that one column skips needs a reason", () => {
  const one = outcome("one", [passed("a")]);
  assert.deepEqual(differences([one, outcome("other", [skipped("a", "about files")])]), []);
  assert.deepEqual(differences([one, outcome("other", [skipped("a")])]), [
    'tests/src/auth/one.test.ts: "a" passed on one and was skipped on other without a reason',
  ]);
});

test("the tests of a suite that one column skips are skipped with it", () => {
  const one = outcome("one", [passed("plans > a"), passed("plans > b"), passed("other")]);
  const other = { ...outcome("other", [passed("other")]), skippedSuites: [{ name: "plans", reason: "about plans" }] };
  const both = withSkippedSuites([one, other]);
  assert.deepEqual(both[1]?.tests, [
    passed("other"),
    skipped("plans > a", "about plans"),
    skipped("plans > b", "about plans"),
  ]);
  assert.deepEqual(differences(both), []);
});

test("a test that no column runs is no difference", () => {
  assert.deepEqual(differences([outcome("one", [skipped("a")]), outcome("other", [skipped("a")])]), []);
});

test("the table has a row for each suite, a column for each server, and totals", () => {
  const outcomes = [
    outcome("SQLite", [passed("a"), passed("b")]),
    outcome("PostgreSQL", [passed("a"), skipped("b", "about files")]),
    outcome("SQLite", [passed("c"), { name: "d", result: "failed" }], "db"),
    outcome("no database", [passed("e")], "settings"),
  ];
  assert.deepEqual(table(outcomes, ["no database", "SQLite", "PostgreSQL"]).split("\n"), [
    "suite      no database        SQLite     PostgreSQL",
    "---------------------------------------------------",
    "auth                 –             2   1, 1 skipped",
    "db                   –   1, 1 FAILED              –",
    "settings             1             –              –",
    "---------------------------------------------------",
    "total                1   3, 1 FAILED   1, 1 skipped",
  ]);
});
