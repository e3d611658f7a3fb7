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
  // A transaction has the whole database to itself.
  forUpdate: () => "",
  forShare: () => "",
  lockMigrations: [],
  hasTable: (name) => `select 1 as found from sqlite_schema where name = '${name}'`,
  hasColumn: (table, column) => `select 1 as found from pragma_table_info('${table}') where name = '${column}'`,
  parameter: (number) => `?${number}`,
};
