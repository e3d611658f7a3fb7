import type { Words } from "../words.ts";

const postgresArray = (item: string, order: string) =>
  `('[' || coalesce(string_agg(${item}::text, ',' order by ${order}), '') || ']')::json`;

/** "earshot" on the keys of a telephone: nobody else's lock by chance. */
const MIGRATION_LOCK = 3_277_468;

/** PostgreSQL writes JSON with spaces, but for rows: so objects are rows, and lists are put together as text. */
export const postgresWords: Words = {
  engine: "postgres",
  text: 'text collate "C"',
  integer: "bigint",
  table: "",
  // Rows that are updated in place need room beside them.
  keyedTable: "with (fillfactor = 85)",
  like: (value, pattern) => `${value} ilike ${pattern} escape '\\'`,
  each: (parameter) => `json_array_elements_text(${parameter}::json)`,
  object: (columns) =>
    `(select row_to_json(o) from (select ${Object.entries(columns)
      .map(([member, value]) => `${value} as "${member}"`)
      .join(", ")}) o)`,
  array: postgresArray,
  orderedArray: postgresArray,
  joinFirst: ({ table, alias, where, by, direction, count }) => `
    cross join lateral (
      select * from ${table} ${alias} where ${where(alias)}
      order by ${alias}.${by} ${direction} limit cast(${count} as bigint) + 1
    ) ${alias}`,
  existsForEach: (select) => `(${select} limit 1) is not null`,
  forUpdate: (alias) => `for no key update of ${alias}`,
  forShare: (alias) => `for share of ${alias}`,
  lockMigrations: [
    // Whoever waits here waits for a whole migration; a table that is in use is not waited for as long, for then all wait.
    `set local statement_timeout = 0`,
    `set local lock_timeout = '1h'`,
    `select pg_advisory_xact_lock(${MIGRATION_LOCK})`,
    `set local lock_timeout = '10s'`,
  ],
  hasTable: (name) => `select 1 as found where to_regclass('${name}') is not null`,
  hasColumn: (table, column) =>
    `select 1 as found from pg_attribute
      where attrelid = to_regclass('${table}') and attname = '${column}' and not attisdropped`,
  parameter: (number) => `$${number}`,
};
