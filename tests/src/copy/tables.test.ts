import assert from "node:assert/strict";
import { test } from "node:test";

import { copiedTables } from "../../../server/src/copy/tables.ts";
import { engine, postgresOnly, sqliteOnly } from "../support/databases.ts";
import { openSides, type Side } from "./support.ts";

/** What a database with all migrations has, but for what is no data. */
interface Schema {
  readonly tables: readonly string[];
  /** `table.column` with its type, and a question mark where it may be null. */
  readonly columns: readonly string[];
  /** `table: columns` of each primary key. */
  readonly keys: readonly string[];
  /** The same of each other unique index, and a question mark where it is about some rows only. */
  readonly uniques: readonly string[];
  /** Each pair of tables, the first of which points to the second. */
  readonly references: readonly string[];
}

const known: Schema = {
  tables: copiedTables.map(({ name }) => name).toSorted(),
  columns: copiedTables
    .flatMap(({ name, columns }) =>
      Object.entries(columns).map(([column, type]) => `${name}.${column} ${String(type)}`),
    )
    .toSorted(),
  keys: copiedTables.map(({ name, key }) => `${name}: ${key.join(", ")}`).toSorted(),
  uniques: copiedTables
    .flatMap(({ name, uniques }) =>
      uniques.map(({ columns, where }) => `${name}: ${columns.join(", ")}${where === undefined ? "" : "?"}`),
    )
    .toSorted(),
  references: [],
};

const ADVICE = "name it in server/src/copy/tables.ts";

for (const [name, schemaOf, only] of [
  ["SQLite", sqliteSchema, sqliteOnly("it is SQLite's schema")],
  ["PostgreSQL", postgresSchema, postgresOnly("it is PostgreSQL's schema")],
] as const) {
  test(`the copy knows all that a migrated database of ${name} has`, only, async () => {
    await using sides = await openSides();
    const side = await sides.create(engine);
    await side.fill(async () => {});
    const schema = await schemaOf(side);
    assert.deepEqual(schema.tables, known.tables, ADVICE);
    assert.deepEqual(schema.columns, known.columns, ADVICE);
    assert.deepEqual(schema.keys, known.keys, ADVICE);
    assert.deepEqual(schema.uniques, known.uniques, ADVICE);

    const order = copiedTables.map((table) => table.name);
    for (const reference of schema.references) {
      const [from = "", to = ""] = reference.split(" ");
      assert.ok(order.indexOf(to) < order.indexOf(from), `${to} comes before ${from}, which points to it`);
    }
    assert.deepEqual(
      copiedTables
        .filter(({ isReferenced }) => isReferenced)
        .map((table) => table.name)
        .toSorted(),
      [...new Set(schema.references.map((reference) => reference.split(" ")[1] ?? ""))].toSorted(),
    );
  });
}

async function sqliteSchema({ rows }: Side): Promise<Schema> {
  const all = async (sql: string) => (await rows(sql)).map(({ found }) => String(found));
  const tables = `(select name from sqlite_schema where type = 'table' and name <> 'earshot_migrations') t`;
  const indexColumns = `(select group_concat(name, ', ' order by seqno) from pragma_index_info(i.name))`;
  return {
    tables: await all(`select name as found from ${tables} order by name`),
    columns: (
      await all(`
        select t.name || '.' || c.name || ' ' || lower(c.type) || iif(c."notnull", '', '?') as found
        from ${tables}, pragma_table_info(t.name) c`)
    ).toSorted(),
    keys: (
      await all(`
        select t.name || ': ' ||
          (select group_concat(name, ', ' order by pk) from pragma_table_info(t.name) where pk > 0) as found
        from ${tables}`)
    ).toSorted(),
    uniques: (
      await all(`
        select t.name || ': ' || ${indexColumns} || iif(i.partial, '?', '') as found
        from ${tables}, pragma_index_list(t.name) i where i."unique" and i.origin <> 'pk'`)
    ).toSorted(),
    references: await all(`
      select distinct t.name || ' ' || f."table" as found from ${tables}, pragma_foreign_key_list(t.name) f`),
  };
}

async function postgresSchema({ rows }: Side): Promise<Schema> {
  const all = async (sql: string) => (await rows(sql)).map(({ found }) => String(found));
  const tables = `(
    select oid, relname from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and relname <> 'earshot_migrations') t`;
  const indexColumns = `(
    select string_agg(a.attname, ', ' order by k.place)
    from unnest(i.indkey) with ordinality k(number, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number)`;
  return {
    tables: (await all(`select relname as found from ${tables}`)).toSorted(),
    columns: (
      await all(`
        select t.relname || '.' || a.attname || ' ' ||
          case format_type(a.atttypid, a.atttypmod) when 'bigint' then 'integer' else format_type(a.atttypid, a.atttypmod) end ||
          case when a.attnotnull then '' else '?' end as found
        from ${tables} join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped`)
    ).toSorted(),
    keys: (
      await all(`
        select t.relname || ': ' || ${indexColumns} as found
        from ${tables} join pg_index i on i.indrelid = t.oid and i.indisprimary`)
    ).toSorted(),
    uniques: (
      await all(`
        select t.relname || ': ' || ${indexColumns} || case when i.indpred is null then '' else '?' end as found
        from ${tables} join pg_index i on i.indrelid = t.oid and i.indisunique and not i.indisprimary`)
    ).toSorted(),
    references: await all(`
      select distinct t.relname || ' ' || c.confrelid::regclass as found
      from ${tables} join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'`),
  };
}
