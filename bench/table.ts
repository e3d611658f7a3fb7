import type { Bars } from "./operations.ts";
import type { Summary } from "./summary.ts";

/** One operation's rows. */
export interface Section {
  title: string;
  bars: Bars;
  summaries: Summary[];
}

/** From here on the generator is so busy that it may be what limits the figure. */
const busy = 0.9;

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
const milliseconds = (value: number): string => (Number.isNaN(value) ? "" : value.toFixed(value < 10 ? 2 : 0));
const ratio = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** Whether a ratio reaches the bar set for it; nothing where none is set or there is no ratio. */
function verdict(bar: number | undefined, firstToThis: number | null): string {
  if (bar === undefined || firstToThis === null) return "";
  return `≥ ${bar} ${firstToThis >= bar ? "met" : "NOT MET"}`;
}

function row(title: string, first: string, summary: Summary, bars: Bars): string[] {
  const { target, requestsPerSecond, p50, p99, firstToThis, failure, generatorBusy } = summary;
  if (failure !== null) return [title, target, "invalid", failure.slice(0, 60)];
  return [
    title,
    target,
    whole(requestsPerSecond.median) + (generatorBusy > busy ? "*" : ""),
    `${whole(requestsPerSecond.min)}–${whole(requestsPerSecond.max)}`,
    milliseconds(p50),
    milliseconds(p99),
    firstToThis === null ? "" : `${first} = ${ratio(firstToThis)} × ${target}`,
    verdict(bars[target], firstToThis),
  ];
}

/** The one table: a row an operation and target, medians, the first target's ratio to each of the others. */
export function renderTable(sections: readonly Section[]): string {
  const rows = [["operation", "target", "req/s", "min–max", "p50 ms", "p99 ms", "ratio", "bar"]];
  for (const { title, bars, summaries } of sections) {
    const first = summaries[0]?.target ?? "";
    summaries.forEach((summary, index) => rows.push(row(index === 0 ? title : "", first, summary, bars)));
  }
  const textColumns = new Set([0, 1, 6, 7]);
  const complete = rows.filter((cells) => cells.length === 8);
  const widths = [0, 1, 2, 3, 4, 5, 6, 7].map((column) =>
    Math.max(...complete.map((cells) => cells[column]?.length ?? 0)),
  );
  const align = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return textColumns.has(column) ? cell.padEnd(width) : cell.padStart(width);
  };
  const lines = rows.map((cells) => cells.map(align).join("  ").trimEnd());
  lines.splice(1, 0, "─".repeat(Math.max(...lines.map((line) => line.length))));
  if (sections.some(({ summaries }) => summaries.some(({ generatorBusy }) => generatorBusy > busy))) {
    lines.push("* the load generator was the limit, not the server");
  }
  return lines.join("\n");
}
