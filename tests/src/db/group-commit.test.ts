import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";

import { Unavailable } from "../../../server/src/db/database.ts";
import { openSqlite } from "../../../server/src/db/sqlite/sqlite.ts";
import { statement } from "../../../server/src/db/statement.ts";
import { all, first, type Transaction } from "../../../server/src/db/transaction.ts";
import { sqliteOnly } from "../support/databases.ts";

const onlyHere = sqliteOnly("many writes share one commit");

/** As many writes as may wait. */
const ROOM = 10_000;

const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
const path = join(folder, "test.db");
const database = openSqlite(path);
/** Another connection: it sees what is committed, and nothing else. */
const observer = new DatabaseSync(path, { timeout: 0 });
after(async () => {
  observer.close();
  await database.close();
  await rm(folder, { recursive: true });
});
database.connection.exec("create table entries (place integer primary key, name text not null unique) strict");
beforeEach(() => database.connection.exec("delete from entries"));

const insert = statement({
  name: "entries.insert",
  params: { name: "text" },
  row: { place: "integer" },
  sql: () => "insert into entries (name) values ($name) returning place",
});
const count = statement({
  name: "entries.count",
  params: {},
  row: { count: "integer" },
  sql: () => "select count(*) as count from entries",
});

const follow = statement({
  name: "followers.insert",
  params: { place: "integer" },
  row: {},
  sql: () => "insert into followers (place) values ($place)",
});

class Refused extends Error {}

const add = (name: string) => () => all(insert, { name });
function* addAndThrow(name: string): Transaction<never> {
  yield* all(insert, { name });
  throw new Refused(name);
}

const committed = () =>
  observer
    .prepare("select name from entries order by place")
    .all()
    .map(({ name }) => name);

// A kill cannot show it: what a process has written outlives the process, and only a power cut loses what was not synced.
test("each commit is synced to the disk", onlyHere, () => {
  assert.equal(database.connection.prepare("pragma journal_mode").get()?.["journal_mode"], "wal");
  assert.equal(database.connection.prepare("pragma synchronous").get()?.["synchronous"], 2, "FULL");
});

test("a write is on disk for others when it is answered, and not before", onlyHere, async () => {
  const write = database.write(add("a"));
  assert.deepEqual(committed(), []);
  await write;
  assert.deepEqual(committed(), ["a"]);
});

test("the writes of one turn share a commit: none is answered while another still runs", onlyHere, async () => {
  const answered: string[] = [];
  const seen: (readonly [answered: number, committed: number])[] = [];
  const writes = ["a", "b", "c"].map(async (name) => {
    await database.write(function* () {
      yield* all(insert, { name });
      seen.push([answered.length, committed().length]);
    });
    answered.push(name);
    assert.equal(committed().length, 3);
  });
  await Promise.all(writes);
  assert.deepEqual(seen, [
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  assert.deepEqual(answered, ["a", "b", "c"]);
});

test("when the commit itself fails, nobody is told that it happened", onlyHere, async () => {
  database.connection.exec(
    "create table followers (place integer not null references entries (place) deferrable initially deferred) strict",
  );
  const outcomes = await Promise.allSettled([
    database.write(add("a")),
    database.write(() => all(follow, { place: 404 })),
    database.write(add("b")),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["rejected", "rejected", "rejected"],
  );
  assert.deepEqual(committed(), []);
  database.connection.exec("drop table followers");
  await database.write(add("c"));
  assert.deepEqual(committed(), ["c"]);
});

test("bodies run in the order they came, each seeing what the ones before it did", onlyHere, async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const seen = await Promise.all(
    names.map((name) =>
      database.write(function* () {
        yield* all(insert, { name });
        return (yield* first(count, {}))?.count;
      }),
    ),
  );
  assert.deepEqual(
    seen,
    names.map((_, index) => index + 1),
  );
  assert.deepEqual(committed(), names);
});

test("when no more can wait a write is refused at once, and the waiting ones are done", onlyHere, async () => {
  const waiting = Array.from({ length: ROOM }, (_, index) => database.write(add(`n${index}`)));
  await assert.rejects(database.write(add("too many")), Unavailable);
  await Promise.all(waiting);
  assert.equal(committed().length, ROOM);
  await database.write(add("room again"));
});

test("while another process writes, all of a turn are refused; after it, writes go on", onlyHere, async () => {
  observer.exec("begin immediate");
  const outcomes = await Promise.allSettled([database.write(add("a")), database.write(() => addAndThrow("b"))]);
  observer.exec("rollback");
  for (const outcome of outcomes) assert.ok(outcome.status === "rejected" && outcome.reason instanceof Unavailable);
  await database.write(add("c"));
  assert.deepEqual(committed(), ["c"]);
});
