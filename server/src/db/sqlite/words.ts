import type { Words } from "../words.ts";

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
