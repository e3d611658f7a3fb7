/** The SQL words in which the engines differ. Each engine has one place for them: an object of this type. */
export interface Words {
  readonly engine: "sqlite" | "postgres";
  /** The column type of whole numbers, 64 bits wide. */
  readonly integer: string;
  /** What stands behind a table's columns. */
  readonly table: string;
  /** The same for a table that is mostly read by its key, and kept in the key's order. */
  readonly keyedTable: string;
  /** `LIKE` without regard to case; the pattern escapes with a backslash. */
  like(value: string, pattern: string): string;
  /** The rows `value` of a JSON array of texts that a parameter holds. */
  each(parameter: string): string;
  /** A JSON object, its members in this order; `columns` maps a member to the SQL of its value. */
  object(columns: Readonly<Record<string, string>>): string;
  /** A JSON array over the rows of a group, in `order`. */
  array(item: string, order: string): string;
  /**
   * The same, over rows that come in `order` already: from an ordered subquery that a `cross join` keeps outermost. SQLite
   * takes them as they come; sorting finished objects again is a sixth of a page's time. PostgreSQL must be told.
   */
  orderedArray(item: string, order: string): string;
  /** The placeholder of parameter `number`, counted from 1. */
  parameter(number: number): string;
}
