import type { Row } from "./statements.ts";
import type { CopiedTable } from "./tables.ts";

/** The columns of a row's primary key, alone. */
export const keyOf = (table: CopiedTable, row: Row): Row =>
  Object.fromEntries(table.key.map((column) => [column, row[column] ?? null]));

/**
 * Which of two rows comes first in the order of the primary key, as the engines order texts: by their UTF-8 bytes. What is
 * not there comes behind everything.
 * @returns below, above or equal to zero
 */
export function compareKeys(table: CopiedTable, one: Row | undefined, other: Row | undefined): number {
  if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? 1 : -1;
  for (const column of table.key) {
    const [a, b] = [one[column], other[column]];
    if (a !== b) return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  }
  return 0;
}

/** Whether two rows of the same columns have the same values. */
export function isEqual(one: Row, other: Row): boolean {
  for (const column in one) if (one[column] !== other[column]) return false;
  return true;
}

/** The first column whose text has the character zero in it, if any. */
export function textWithZero(row: Row): string | undefined {
  for (const column in row) {
    const value = row[column];
    if (typeof value === "string" && value.includes("\0")) return column;
  }
  return undefined;
}
