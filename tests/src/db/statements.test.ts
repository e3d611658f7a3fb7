import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { Client } from "pg";

import { migrate } from "../../../server/src/db/migrate.ts";
import { openSqlite } from "../../../server/src/db/sqlite/sqlite.ts";
import { sqliteWords } from "../../../server/src/db/sqlite/words.ts";
import { compile, statement, type Statement } from "../../../server/src/db/statement.ts";
import { postgresWords } from "../../../server/src/db/postgres/words.ts";
import { engine, postgresOnly } from "../support/databases.ts";
import { createEmptyDatabase } from "../support/empty-database.ts";
import { everyStatement } from "../support/statements.ts";
import { describeStatement } from "./describe-statement.ts";

const statements = await everyStatement();
const check = engine === "sqlite" ? await prepareOnSqlite() : await prepareOnPostgres();

describe("every statement prepares, and its columns are those of its row", () => {
  test("they are found", () => assert.ok(statements.length > 40));
  for (const one of statements) {
    const option = one.engine === "postgres" ? postgresOnly("the statement is said in PostgreSQL's words") : {};
    test(one.name, option, () => check(one));
  }
});

async function prepareOnSqlite() {
  const database = openSqlite(":memory:");
  after(() => database.close());
  await migrate(database, "2026-01-01T00:00:00.000000Z");
  return (one: Statement) => {
    const prepared = database.connection.prepare(compile(one, sqliteWords).sql);
    assert.deepEqual(
      prepared.columns().map(({ name }) => name),
      Object.keys(one.row),
    );
  };
}

async function prepareOnPostgres() {
  const empty = await createEmptyDatabase();
  const database = empty.open();
  await migrate(database, "2026-01-01T00:00:00.000000Z");
  await database.close();
  const client = new Client(empty.config.databaseUrl);
  await client.connect();
  after(() => client.end());
  return async (one: Statement) => {
    const columns = await describeStatement(client, compile(one, postgresWords).sql);
    assert.deepEqual(columns, Object.keys(one.row));
  };
}

test("no two statements share a name", () => {
  const names = statements.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});

describe("a statement that does not fit its parameters does not compile", () => {
  const make = (params: Record<string, "text">, sql: string) =>
    statement({ name: "example", params, row: {}, sql: () => sql });

  test("a parameter that nobody declared", () => {
    assert.throws(() => compile(make({}, "select $a"), sqliteWords), /example: \$a is not among its params/);
  });
  test("a parameter that stands nowhere", () => {
    assert.throws(() => compile(make({ a: "text", b: "text" }, "select $a"), sqliteWords), /example: b stands in no/);
  });
  test("a parameter that stands twice has one number", () => {
    const { sql, names } = compile(make({ a: "text", b: "text" }, "select $b, $a, $b"), sqliteWords);
    assert.equal(sql, "select ?1, ?2, ?1");
    assert.deepEqual(names, ["b", "a"]);
  });
});
