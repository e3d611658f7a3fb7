import type { Words } from "../words.ts";

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
