import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { migrate } from "../../../server/src/db/migrate.ts";
import { openSqlite } from "../../../server/src/db/sqlite/sqlite.ts";
import { compile, statement } from "../../../server/src/db/statement.ts";
import { sqliteWords } from "../../../server/src/db/sqlite/words.ts";
import { everyStatement } from "../support/statements.ts";

const database = openSqlite(":memory:");
after(() => database.close());
migrate(database, "2026-01-01T00:00:00.000000Z");

const statements = await everyStatement();

describe("every statement prepares, and its columns are those of its row", () => {
  for (const one of statements) {
    test(one.name, () => {
      const prepared = database.connection.prepare(compile(one, sqliteWords).sql);
      assert.deepEqual(
        prepared.columns().map(({ name }) => name),
        Object.keys(one.row),
      );
    });
  }
});

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
