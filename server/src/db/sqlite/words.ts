import { limited } from "../limit.ts";
import type { Words } from "../words.ts";

export const sqliteWords: Words = {
  engine: "sqlite",
  text: "text",
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
  // The planner goes through the index from the one end to the row that is one too many.
  joinFirst: ({ table, alias, where, by, direction, count }) => `
    join ${table} ${alias} on ${where(alias)} and ${alias}.${by} ${direction === "asc" ? "<=" : ">="} coalesce((
      select bound.${by} from ${table} bound where ${where("bound")} order by bound.${by} ${direction} ${limited("1", count)}
    ), ${direction === "asc" ? Number.MAX_SAFE_INTEGER : 0})`,
  existsForEach: (select) => `exists (${select})`,
  // A transaction has the whole database to itself.
  forUpdate: () => "",
  forShare: () => "",
  lockMigrations: [],
  hasTable: (name) => `select 1 as found from sqlite_schema where name = '${name}'`,
  hasColumn: (table, column) => `select 1 as found from pragma_table_info('${table}') where name = '${column}'`,
  parameter: (number) => `?${number}`,
};
