import { countOf, type FileOutcome } from "./outcome.ts";

/** How many tests of each suite passed on each column, and what else became of them. */
export function table(outcomes: readonly FileOutcome[], columns: readonly string[]): string {
  const suites = [...new Set(outcomes.map(({ suite }) => suite))].toSorted();
  const cells = (chosen: readonly FileOutcome[]) =>
    columns.map((column) => cell(chosen.filter((outcome) => outcome.column === column)));
  const rows = [
    ["suite", ...columns],
    ...suites.map((suite) => [suite, ...cells(outcomes.filter((outcome) => outcome.suite === suite))]),
    ["total", ...cells(outcomes)],
  ];
  const widths = [0, ...columns.keys().map((index) => index + 1)].map((index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((text, index) => (index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0)))
      .join("   "),
  );
  const rule = "-".repeat(lines[0]?.length ?? 0);
  return [...lines.slice(0, 1), rule, ...lines.slice(1, -1), rule, ...lines.slice(-1)].join("\n");
}

function cell(outcomes: readonly FileOutcome[]): string {
  if (outcomes.length === 0) return "–";
  const [passed, skipped, failed] = (["passed", "skipped", "failed"] as const).map((result) =>
    countOf(outcomes, result),
  );
  return `${passed}${skipped ? `, ${skipped} skipped` : ""}${failed ? `, ${failed} FAILED` : ""}`;
}
