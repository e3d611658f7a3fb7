import type { Database } from "../db/database.ts";
import type { Row, TableStatements } from "./statements.ts";
import type { CopiedTable } from "./tables.ts";

export type Readable = Pick<Database, "words" | "all">;

/** The most rows that are read, compared and written together. */
const LARGEST_PAGE = 5000;
const FIRST_PAGE = 500;
/** About how many characters a page should hold: the memory of a copy is a few times that, whatever the rows' length. */
const PAGE_CHARACTERS = 4_000_000;

/** A table's rows in the order of their key, a page at a time. */
export async function* pagesOf(
  database: Readable,
  table: CopiedTable,
  statements: TableStatements,
): AsyncGenerator<readonly Row[]> {
  const columns = Object.keys(table.columns);
  let limit = FIRST_PAGE;
  let page = await database.all(statements.firstPage, { limit });
  for (;;) {
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return;
    limit = nextLimit(page, columns);
    const after = Object.fromEntries(table.key.map((column) => [column, last[column] ?? null]));
    page = await database.all(statements.nextPage, { ...after, limit });
  }
}

/** Grows and shrinks with the length of the rows. */
function nextLimit(page: readonly Row[], columns: readonly string[]): number {
  let characters = 0;
  for (const row of page) {
    for (const column of columns) {
      const value = row[column];
      characters += typeof value === "string" ? value.length : 1;
    }
  }
  return Math.min(LARGEST_PAGE, Math.max(1, Math.floor((page.length * PAGE_CHARACTERS) / characters)));
}
