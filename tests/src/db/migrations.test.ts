import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";

import {
  type Migration,
  migrate,
  migrations,
  NewerDatabase,
  pendingMigrations,
} from "../../../server/src/db/migrate.ts";
import { openSqlite, type SqliteDatabase } from "../../../server/src/db/sqlite/sqlite.ts";

const NOW = "2026-01-01T00:00:00.000000Z";
const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
after(() => rm(folder, { recursive: true }));

const open = () => {
  const database = openSqlite(":memory:");
  after(() => database.close());
  return database;
};
const example = (number: number, ...statements: string[]): Migration => ({
  number,
  name: `example_${number}`,
  statements: () => statements,
});
const tables = ({ connection }: SqliteDatabase) =>
  connection
    .prepare("select name from sqlite_schema where type = 'table' and name <> 'earshot_migrations' order by name")
    .all()
    .map(({ name }) => name);
const applied = ({ connection }: SqliteDatabase) =>
  connection
    .prepare("select number, name, applied_at from earshot_migrations order by number")
    .all()
    .map(Object.entries);

const one = example(1, "create table one (a text) strict", "insert into one values ('kept')");
const two = example(2, "alter table one add b text", "create table two (a text) strict");
const broken = example(
  2,
  "create table two (a text) strict",
  "insert into one values ('lost')",
  "create table one (a text)",
);

test("a new database gets them all, in order and once", () => {
  const database = open();
  assert.deepEqual(pendingMigrations(database, [one, two]), [one, two]);
  assert.deepEqual(migrate(database, NOW, [one, two]), [one, two]);
  assert.deepEqual(tables(database), ["one", "two"]);
  assert.deepEqual(migrate(database, NOW, [one, two]), []);
  assert.deepEqual(pendingMigrations(database, [one, two]), []);
  assert.equal(applied(database).length, 2);
});

test("an older database gets what it lacks, and keeps what it has", () => {
  const database = open();
  migrate(database, NOW, [one]);
  assert.deepEqual(migrate(database, NOW, [one, two]), [two]);
  assert.deepEqual({ ...database.connection.prepare("select * from one").get() }, { a: "kept", b: null });
});

test("one that fails leaves nothing, and those before it stay", () => {
  const database = open();
  assert.throws(() => migrate(database, NOW, [one, broken]), /already exists/);
  assert.deepEqual(tables(database), ["one"]);
  assert.deepEqual(
    database.connection
      .prepare("select a from one")
      .all()
      .map(({ a }) => a),
    ["kept"],
  );
  assert.equal(applied(database).length, 1);
  assert.equal(database.connection.isTransaction, false);
  assert.deepEqual(migrate(database, NOW, [one, two]), [two]);
});

test("asking what is pending changes nothing", () => {
  const database = open();
  pendingMigrations(database, [one]);
  assert.equal(database.connection.prepare("select count(*) as count from sqlite_schema").get()?.["count"], 0);
});

test("a database of a newer version is refused, unchanged", () => {
  const database = open();
  migrate(database, NOW, [one, two]);
  assert.throws(() => migrate(database, NOW, [one]), NewerDatabase);
  assert.throws(() => pendingMigrations(database, [one]), /newer version/);
  assert.deepEqual(tables(database), ["one", "two"]);
  assert.equal(applied(database).length, 2);
});

test("the released migrations are counted from 1 without holes", () => {
  assert.deepEqual(
    migrations.map(({ number }) => number),
    migrations.map((_, index) => index + 1),
  );
  assert.equal(new Set(migrations.map(({ name }) => name)).size, migrations.length);
});

test("many starters at once migrate a new database once", async () => {
  const source = (name: string) => new URL(`../../../server/src/db/${name}.ts`, import.meta.url).href;
  const starter = `
    import { parentPort, workerData } from "node:worker_threads";
    import { migrate } from "${source("migrate")}";
    import { openSqlite } from "${source("sqlite/sqlite")}";
    const database = openSqlite(workerData);
    const done = migrate(database, "${NOW}");
    await database.close();
    parentPort.postMessage(done.length);
  `;
  const start = (path: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(starter)}`), { workerData: path });
    worker.on("message", resolve);
    worker.on("error", reject);
    return promise;
  };
  for (let round = 0; round < 5; round++) {
    const path = join(folder, `${round}.db`);
    const done = await Promise.all(Array.from({ length: 6 }, () => start(path)));
    assert.equal(
      done.reduce((sum, count) => sum + count, 0),
      migrations.length,
    );
  }
});
