import { limited } from "../db/limit.ts";
import { type RowOf, type Shape, type Statement, statement } from "../db/statement.ts";
import type { Words } from "../db/words.ts";
import type { CopiedTable } from "./tables.ts";

export type Row = RowOf<Shape>;

/** A statement that takes `rows`, as `rowsText` writes them. */
type TakesRows = Statement<{ readonly rows: "text" }, {}>;

export interface TableStatements {
  readonly count: Statement<{}, { readonly count: "integer" }>;
  /** Rows in the order of their key. */
  readonly firstPage: Statement<{ readonly limit: "integer" }>;
  /** The same, beyond the key that the other parameters hold, by the names of its columns. */
  readonly nextPage: Statement;
  /** Writes rows, in the place of those with the same keys. */
  readonly write: TakesRows;
  /** Takes out of the way of `rows` what other rows have in common with them. One for each unique index. */
  readonly releases: readonly TakesRows[];
  /** Deletes the rows of these keys. */
  readonly remove: TakesRows;
}

export function statementsOf(table: CopiedTable): TableStatements {
  const { name, columns, uniques } = table;
  const all = Object.keys(columns).join(", ");
  const key = table.key.join(", ");
  const keyColumns: Shape = Object.fromEntries(table.key.map((column) => [column, "text"]));
  const after = table.key.map((column) => `$${column}`).join(", ");
  const page = (where: string) => `select ${all} from ${name} ${where} order by ${key} ${limited("$limit")}`;
  const takesRows = (sql: (words: Words) => string): TakesRows =>
    statement({ name: "", params: { rows: "text" }, row: {}, sql });

  return {
    count: statement({
      name: "",
      params: {},
      row: { count: "integer" },
      sql: () => `select count(*) as count from ${name}`,
    }),
    firstPage: statement({ name: "", params: { limit: "integer" }, row: columns, sql: () => page("") }),
    nextPage: statement({
      name: "",
      params: { ...keyColumns, limit: "integer" },
      row: columns,
      sql: () => page(`where (${key}) > (${after})`),
    }),
    write: takesRows(
      (words) => `
      insert into ${name} (${all}) select ${all} from ${given(words, columns)} where true
      on conflict (${key}) do update set ${Object.keys(columns)
        .filter((column) => !table.key.includes(column))
        .map((column) => `${column} = excluded.${column}`)
        .join(", ")}`,
    ),
    releases: uniques.map(({ columns: common, where = "true", release }) =>
      takesRows(
        (words) => `
      update ${name} set ${release} where (${key}) in (
        select ${table.key.map((column) => `held.${column}`).join(", ")}
        from (select * from ${given(words, columns)} where ${where}) wanted
        cross join (select * from ${name} where ${where}) held
        where ${common.map((column) => `held.${column} = wanted.${column}`).join(" and ")}
          and (${table.key.map((column) => `held.${column}`).join(", ")})
            <> (${table.key.map((column) => `wanted.${column}`).join(", ")}))`,
      ),
    ),
    remove: takesRows(
      (words) => `delete from ${name} where (${key}) in (select ${key} from ${given(words, keyColumns)})`,
    ),
  };
}

/**
 * Rows as the parameter `rows` of a statement: JSON in the form that the engine reads faster.
 * @param columns those that the statement takes of a row, in their order
 */
export const rowsText = ({ engine }: Words, columns: readonly string[], rows: readonly Row[]): string =>
  JSON.stringify(engine === "sqlite" ? rows.map((row) => columns.map((column) => row[column])) : rows);

/** The rows of that parameter. */
function given({ engine, text, integer }: Words, columns: Shape): string {
  const names = Object.keys(columns);
  if (engine === "sqlite")
    return `(select ${names.map((name, index) => `value ->> ${index} as ${name}`).join(", ")} from json_each($rows)) given`;
  const typed = names.map((name) => `${name} ${String(columns[name]).startsWith("integer") ? integer : text}`);
  return `json_to_recordset($rows::json) as given (${typed.join(", ")})`;
}
