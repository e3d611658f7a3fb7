import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "pg";

import { type Database, Unavailable } from "../../../server/src/db/database.ts";
import { type Migration, migrate, pendingMigrations } from "../../../server/src/db/migrate.ts";
import { postgresOnly } from "../support/databases.ts";
import { createEmptyDatabase } from "../support/empty-database.ts";
import { begin } from "./holder.ts";

const LOCKS = postgresOnly("migrations wait for locks");

const NOW = "2026-01-01T00:00:00.000000Z";

const one: Migration = {
  number: 1,
  name: "one",
  requires: 1,
  statements: () => ["create table one (a text)", "insert into one values ('kept')"],
};
const added: Migration = {
  number: 2,
  name: "added",
  requires: 0,
  statements: () => ["alter table one add b text", "create table two (a text)"],
};
const broken: Migration = {
  number: 2,
  name: "broken",
  requires: 0,
  statements: () => ["create table two (a text)", "create table one (a text)"],
};

/** An empty database, and a connection of the test's own to it. */
async function openEmpty() {
  const stack = new AsyncDisposableStack();
  const empty = await createEmptyDatabase();
  const open = () => {
    const database = empty.open();
    stack.defer(() => database.close());
    return database;
  };
  const client = new Client({ connectionString: empty.config.databaseUrl });
  await client.connect();
  stack.defer(() => client.end());
  return { ...empty, open, client, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The same database, but that a migration soon gives up on a table that is in use. */
const hurried = (database: Database): Database => {
  const lockMigrations = [...database.words.lockMigrations, "set local lock_timeout = '100ms'"];
  return { ...database, words: { ...database.words, lockMigrations } };
};

test("five servers that start at once wait for one another, and one of them migrates", LOCKS, async () => {
  await using empty = await openEmpty();
  const starters = Array.from({ length: 5 }, () => empty.open());
  const [first] = starters;
  assert.ok(first !== undefined);
  const holder = await begin(empty.client);
  for (const sql of first.words.lockMigrations) await holder.run(sql);
  const starts = starters.map((database) => migrate(database, NOW, [one, added]));
  await holder.isAwaitedBy(5);
  await holder.release();

  const done = await Promise.all(starts);
  assert.deepEqual(done.flat(), [one, added]);
  assert.deepEqual(await empty.rows("select a, b from one"), [{ a: "kept", b: null }]);
});

test("a first migration that fails leaves nothing at all", LOCKS, async () => {
  await using empty = await openEmpty();
  const database = empty.open();
  await assert.rejects(migrate(database, NOW, [one, broken]), /already exists/);
  assert.deepEqual(await empty.tables(), []);
  assert.deepEqual(await migrate(database, NOW, [one, added]), [one, added]);
});

test("a migration gives up on a table that somebody uses, and nothing is changed", LOCKS, async () => {
  await using empty = await openEmpty();
  const database = empty.open();
  await migrate(database, NOW, [one]);
  const reader = await begin(empty.client);
  await reader.run("select * from one");
  await assert.rejects(migrate(hurried(database), NOW, [one, added]), Unavailable);
  assert.deepEqual(await pendingMigrations(database, [one, added]), [added]);
  await reader.commit();
  assert.deepEqual(await migrate(hurried(database), NOW, [one, added]), [added]);
});
