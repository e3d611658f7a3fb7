interface FirstRows {
  readonly table: string;
  readonly alias: string;
  /** The condition on a row, by its alias. */
  readonly where: (alias: string) => string;
  /** A column of whole numbers, different in each row that fits; an index has them in this order. */
  readonly by: string;
  readonly direction: "asc" | "desc";
  readonly count: string;
}

/** The SQL words in which the engines differ. Each engine has one place for them: an object of this type. */
export interface Words {
  readonly engine: "sqlite" | "postgres";
  /** The column type of text, which compares by its bytes. */
  readonly text: string;
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
  /** A join that takes, for each row before it, the first rows of a table that fit: never more than `count` and one. */
  joinFirst(join: FirstRows): string;
  /**
   * `exists`, looked up for each row it is asked of. PostgreSQL may else answer it for all rows of the database at once,
   * and goes on doing so when there are many more of them.
   */
  existsForEach(select: string): string;
  /** Behind a select: keeps others from changing these rows of `alias` until the transaction ends. */
  forUpdate(alias: string): string;
  /** Behind a select: keeps others from changing these rows of `alias` meanwhile, but not from reading them so as well. */
  forShare(alias: string): string;
  /** Statements at the beginning of a migration: of many that begin, one goes on and the others wait for it. */
  readonly lockMigrations: readonly string[];
  /** A select with one row where a table of that name is there. */
  hasTable(name: string): string;
  /** The same for a column. */
  hasColumn(table: string, column: string): string;
  /** The placeholder of parameter `number`, counted from 1. */
  parameter(number: number): string;
}
