import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { migrate } from "../../../server/src/db/migrate.ts";
import { openSqlite } from "../../../server/src/db/sqlite/sqlite.ts";
import { compile, type Statement } from "../../../server/src/db/statement.ts";
import { sqliteWords } from "../../../server/src/db/sqlite/words.ts";
import { sqliteOnly } from "../support/databases.ts";
import { everyStatement } from "../support/statements.ts";

/** PostgreSQL plans by its statistics: in tables this small it is right to read them whole. */
const onlyHere = sqliteOnly("its plans follow from the schema alone");

const statements = (await everyStatement()).filter(({ engine }) => engine !== "postgres");
const database = openSqlite(":memory:");
after(() => database.close());
await migrate(database, "2026-01-01T00:00:00.000000Z");

/** They read from a table's beginning on, and stop at the first row. */
const READS_ONE_ROW = new Set(["users.findAnyone"]);

const tables = new Map(
  database.connection
    .prepare("select name, rootpage from sqlite_schema where type = 'table'")
    .all()
    .map(({ name, rootpage }) => [rootpage, String(name)]),
);

/** The tables and indexes that a statement reads from end to end. */
function readWhole(statement: Statement): string[] {
  const { sql } = compile(statement, sqliteWords);
  return [...tablesReadWhole(sql), ...indexesReadWhole(sql)];
}

/**
 * A plan calls a table by its alias, which may be a subquery's, too; SQLite's own program tells them apart: a cursor on a
 * table that is set to the first or the last row, not to one that was looked up.
 */
function tablesReadWhole(sql: string): string[] {
  const program = database.connection.prepare(`explain ${sql}`).all();
  const cursors = new Map<unknown, string>();
  for (const { opcode, p1, p2 } of program) {
    const table = tables.get(p2 ?? null);
    if ((opcode === "OpenRead" || opcode === "OpenWrite") && table !== undefined) cursors.set(p1, table);
  }
  return program.flatMap(({ opcode, p1 }) => {
    const table = cursors.get(p1);
    return (opcode === "Rewind" || opcode === "Last") && table !== undefined ? [table] : [];
  });
}

function indexesReadWhole(sql: string): string[] {
  const plan = database.connection.prepare(`explain query plan ${sql}`).all();
  return plan.flatMap(({ detail }) => /^SCAN \w+ USING (?:COVERING )?INDEX (\w+)/.exec(String(detail))?.[1] ?? []);
}

const statementOf = (sql: string): Statement => ({ name: "example", params: {}, row: {}, sql: () => sql });

test("a statement without a fitting index is found out", onlyHere, () => {
  assert.deepEqual(readWhole(statementOf("select * from messages where message_body = 'x'")), ["messages"]);
  assert.equal(readWhole(statementOf("select username from users order by username desc")).length, 1);
  assert.equal(readWhole(statementOf("select u.* from (select * from users) u where u.email = 'x' or true")).length, 1);
  assert.deepEqual(readWhole(statementOf("select * from messages where message_id = 'x'")), []);
  assert.deepEqual(readWhole(statementOf("select * from conversations where deleted_at is not null")), []);
});

describe("no statement reads a table from end to end", () => {
  for (const one of statements.filter(({ name }) => !READS_ONE_ROW.has(name))) {
    test(one.name, onlyHere, () => assert.deepEqual(readWhole(one), []));
  }
});
