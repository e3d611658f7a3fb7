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

test("a server runs on with migrations that only added, whether it was there before or starts after", async () => {
  const { empty, database } = await openEmpty();
  await migrate(database, NOW, [one, { ...two, requires: 0 }]);
  assert.deepEqual(await pendingMigrations(database, [one]), []);
  assert.deepEqual(await migrate(database, NOW, [one]), []);
  assert.equal((await applied(empty)).length, 2);
});

test("what takes something away refuses those alone who do not know the release that stopped using it", async () => {
  const { database } = await openEmpty();
  const three = { ...example(3, "alter table one drop column a"), requires: 2 };
  await migrate(database, NOW, [one, { ...two, requires: 0 }, three]);
  assert.deepEqual(await migrate(database, NOW, [one, two]), []);
  await assert.rejects(pendingMigrations(database, [one]), NewerDatabase);
  await assert.rejects(migrate(database, NOW, [one]), NewerDatabase);
});

test("a database of the first release, which noted less of its migrations, gets what it lacks", async () => {
  const { empty, database } = await openEmpty();
  await empty.rows(
    `create table ${LEDGER} (number integer not null primary key, name text not null, applied_at text not null)`,
  );
  await empty.rows(`insert into ${LEDGER} values (1, 'example_1', '${NOW}')`);
  await empty.rows("create table one (a text)");
  assert.deepEqual(await pendingMigrations(database, [one, two]), [two]);
  assert.deepEqual(await migrate(database, NOW, [one, two]), [two]);
  assert.deepEqual(await pendingMigrations(database, [one, two]), []);
  await assert.rejects(migrate(database, NOW, []), NewerDatabase);
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
