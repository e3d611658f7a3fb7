import { type Registry, routeLines } from "../../http/registry.ts";
import type { Io } from "../io.ts";

const HEADINGS = ["METHOD", "PATH", "AUTHENTICATION", "PERMISSIONS"];
const GAP = "  ";

/** Prints every route with who may call it. */
export function printRoutes(io: Io, registry: Registry, options: { readonly json?: true }): void {
  const lines = routeLines(registry);
  if (options.json === true) {
    io.out(JSON.stringify(lines, undefined, 2));
    return;
  }
  const rows = lines.map(({ method, path, authentication, permissions }) => [
    method,
    path,
    authentication.join(", ") || "-",
    permissions.join(", "),
  ]);
  io.out(aligned([HEADINGS, ...rows]));
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}
