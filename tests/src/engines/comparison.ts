import type { FileOutcome, TestOutcome } from "./outcome.ts";

/** The outcomes, where a suite was skipped, with the tests that it has on other columns: each of them is skipped. */
export function withSkippedSuites(outcomes: readonly FileOutcome[]): FileOutcome[] {
  const byFile = Map.groupBy(outcomes, ({ file }) => file);
  return outcomes.map((outcome) => {
    const elsewhere = byFile.get(outcome.file)?.filter(({ tests }) => tests !== outcome.tests) ?? [];
    const skipped = outcome.skippedSuites.flatMap(({ name: suite, ...reason }) => {
      const inside = elsewhere.map(({ tests }) => tests.filter(({ name }) => name.startsWith(`${suite} > `)));
      const most = inside.toSorted((one, other) => other.length - one.length)[0] ?? [];
      return most.map(({ name }): TestOutcome => ({ name, result: "skipped", ...reason }));
    });
    return { ...outcome, tests: [...outcome.tests, ...skipped] };
  });
}

/**
 * What the columns do not have in common: a test that is there on one engine and not on another, or that one passed and
 * another skipped without saying why. Files in which something failed are left out: that is told anyway. One sentence each.
 */
export function differences(outcomes: readonly FileOutcome[]): string[] {
  const byFile = Map.groupBy(outcomes, ({ file }) => file);
  return [...byFile]
    .filter(([, columns]) => columns.every(({ failures }) => failures.length === 0))
    .flatMap(([file, columns]) => differencesOf(columns).map((difference) => `${file}: ${difference}`));
}

function differencesOf(columns: readonly FileOutcome[]): string[] {
  const byName = columns.map(({ tests }) => Map.groupBy(tests, ({ name }) => name));
  const names = new Set(byName.flatMap((tests) => [...tests.keys()]));
  return [...names].flatMap((name) => {
    const here = columns.map(({ column }, index) => ({ column, tests: byName[index]?.get(name) ?? [] }));
    const counts = here.map(({ tests }) => tests.length);
    if (new Set(counts).size > 1) {
      const times = here.map(({ column, tests }) => `${tests.length} on ${column}`);
      return [`"${name}" is there a different number of times: ${times.join(", ")}`];
    }
    const passed = here.find(({ tests }) => tests.some(({ result }) => result === "passed"));
    const silent = here.find(({ tests }) => tests.some(isSkippedSilently));
    if (passed === undefined || silent === undefined || passed === silent) return [];
    return [`"${name}" passed on ${passed.column} and was skipped on ${silent.column} without a reason`];
  });
}

const isSkippedSilently = ({ result, reason }: TestOutcome) => result === "skipped" && reason === undefined;
