import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Worker } from "node:worker_threads";

import {
  type Migration,
  migrate,
  migrations,
  NewerDatabase,
  pendingMigrations,
} from "../../../server/src/db/migrate.ts";
import { createEmptyDatabase, type EmptyDatabase } from "../support/empty-database.ts";

const NOW = "2026-01-01T00:00:00.000000Z";

const openEmpty = async () => {
  const empty = await createEmptyDatabase();
  const database = empty.open();
  after(() => database.close());
  return { empty, database };
};
const example = (number: number, ...statements: string[]): Migration => ({
  number,
  name: `example_${number}`,
  requires: number,
  statements: () => statements,
});
const LEDGER = "earshot_migrations";
const tables = async (empty: EmptyDatabase) => (await empty.tables()).filter((name) => name !== LEDGER);
const applied = (empty: EmptyDatabase) => empty.rows(`select number, name from ${LEDGER} order by number`);

const one = example(1, "create table one (a text)", "insert into one values ('kept')");
const two = example(2, "alter table one add b text", "create table two (a text)");
const broken = example(2, "create table two (a text)", "insert into one values ('lost')", "create table one (a text)");

test("a new database gets them all, in order and once", async () => {
  const { empty, database } = await openEmpty();
  assert.deepEqual(await pendingMigrations(database, [one, two]), [one, two]);
  assert.deepEqual(await migrate(database, NOW, [one, two]), [one, two]);
  assert.deepEqual(await tables(empty), ["one", "two"]);
  assert.deepEqual(await migrate(database, NOW, [one, two]), []);
  assert.deepEqual(await pendingMigrations(database, [one, two]), []);
  assert.equal((await applied(empty)).length, 2);
});

test("an older database gets what it lacks, and keeps what it has", async () => {
  const { empty, database } = await openEmpty();
  await migrate(database, NOW, [one]);
  assert.deepEqual(await migrate(database, NOW, [one, two]), [two]);
  assert.deepEqual({ ...(await empty.rows("select * from one"))[0] }, { a: "kept", b: null });
});

test("one that fails leaves nothing, and those of an earlier start stay", async () => {
  const { empty, database } = await openEmpty();
  await migrate(database, NOW, [one]);
  await assert.rejects(migrate(database, NOW, [one, broken]), /already exists/);
  assert.deepEqual(await tables(empty), ["one"]);
  assert.deepEqual(
    (await empty.rows("select a from one")).map(({ a }) => a),
    ["kept"],
  );
  assert.equal((await applied(empty)).length, 1);
  assert.deepEqual(await migrate(database, NOW, [one, two]), [two]);
});

test("asking what is pending changes nothing", async () => {
  const { empty, database } = await openEmpty();
  await pendingMigrations(database, [one]);
  assert.deepEqual(await empty.tables(), []);
});

test("a database of a newer version is refused, unchanged", async () => {
  const { empty, database } = await openEmpty();
  await migrate(database, NOW, [one, two]);
  await assert.rejects(migrate(database, NOW, [one]), NewerDatabase);
  await assert.rejects(pendingMigrations(database, [one]), /newer version/);
  assert.deepEqual(await tables(empty), ["one", "two"]);
  assert.equal((await applied(empty)).length, 2);
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
    import { openDatabase } from "${source("open")}";
    const { databaseUrl, postgres } = workerData;
    const database = openDatabase(databaseUrl, postgres);
    const done = await migrate(database, "${NOW}");
    await database.close();
    parentPort.postMessage(done.length);
  `;
  const start = ({ config: { databaseUrl, postgres } }: EmptyDatabase) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const url = new URL(`data:text/javascript,${encodeURIComponent(starter)}`);
    const worker = new Worker(url, { workerData: { databaseUrl, postgres } });
    worker.on("message", resolve);
    worker.on("error", reject);
    return promise;
  };
  for (let round = 0; round < 5; round++) {
    const empty = await createEmptyDatabase();
    const done = await Promise.all(Array.from({ length: 6 }, () => start(empty)));
    assert.equal(
      done.reduce((sum, count) => sum + count, 0),
      migrations.length,
    );
    assert.equal((await applied(empty)).length, migrations.length);
  }
});
