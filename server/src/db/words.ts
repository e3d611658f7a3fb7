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

export const sqliteWords: Words = {
  engine: "sqlite",
  integer: "integer",
  table: "strict",
  keyedTable: "strict, without rowid",
  like: (value, pattern) => `${value} like ${pattern} escape '\\'`,
  each: (parameter) => `json_each(${parameter})`,
  object: (columns) =>
    `json_object(${Object.entries(columns)
      .map(([member, value]) => `'${member}', ${value}`)
      .join(", ")})`,
  array: (item, order) => `json_group_array(${item} order by ${order})`,
  orderedArray: (item) => `json_group_array(${item})`,
  parameter: (number) => `?${number}`,
};

const postgresArray = (item: string, order: string) =>
  `('[' || coalesce(string_agg(${item}::text, ',' order by ${order}), '') || ']')::json`;

/** PostgreSQL writes JSON with spaces, but for rows: so objects are rows, and lists are put together as text. */
export const postgresWords: Words = {
  engine: "postgres",
  integer: "bigint",
  table: "",
  keyedTable: "",
  like: (value, pattern) => `${value} ilike ${pattern} escape '\\'`,
  each: (parameter) => `json_array_elements_text(${parameter}::json)`,
  object: (columns) =>
    `(select row_to_json(o) from (select ${Object.entries(columns)
      .map(([member, value]) => `${value} as "${member}"`)
      .join(", ")}) o)`,
  array: postgresArray,
  orderedArray: postgresArray,
  parameter: (number) => `$${number}`,
};
