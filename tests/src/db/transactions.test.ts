import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import * as fc from "fast-check";

import { statement } from "../../../server/src/db/statement.ts";
import { all, type Transaction } from "../../../server/src/db/transaction.ts";
import { createEmptyDatabase } from "../support/empty-database.ts";

const empty = await createEmptyDatabase();
await empty.rows("create table entries (name text not null unique)");
const database = empty.open();
after(() => database.close());
beforeEach(async () => void (await empty.rows("delete from entries")));

const insert = statement({
  name: "entries.insert",
  params: { name: "text" },
  row: {},
  sql: () => "insert into entries (name) values ($name)",
});

class Refused extends Error {}

const add = (name: string) => () => all(insert, { name });
function* addAndThrow(name: string): Transaction<never> {
  yield* all(insert, { name });
  throw new Refused(name);
}

/** What others see. */
const committed = async () => (await empty.rows("select name from entries")).map(({ name }) => String(name)).toSorted();

test("a write is there for others when it is answered", async () => {
  await database.write(add("a"));
  assert.deepEqual(await committed(), ["a"]);
});

test("a body that throws is rolled back alone", async () => {
  const outcomes = await Promise.allSettled([
    database.write(add("a")),
    database.write(() => addAndThrow("b")),
    database.write(add("c")),
    database.write(() => {
      throw new Refused("before its first statement");
    }),
    database.write(add("d")),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "rejected", "fulfilled"],
  );
  const [, second] = outcomes;
  assert.ok(second?.status === "rejected" && second.reason instanceof Refused);
  assert.deepEqual(await committed(), ["a", "c", "d"]);
});

test("a statement that a constraint refuses ends its body alone, with what went before in it", async () => {
  await database.write(add("taken"));
  const outcomes = await Promise.allSettled([
    database.write(add("a")),
    database.write(function* () {
      yield* all(insert, { name: "b" });
      yield* all(insert, { name: "taken" });
    }),
    database.write(add("c")),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(await committed(), ["a", "c", "taken"]);
});

test("closing waits for the writes under way", async () => {
  const other = empty.open();
  const writes = Array.from({ length: 600 }, (_, index) => other.write(add(`n${index}`)));
  await other.close();
  await Promise.all(writes);
  assert.equal((await committed()).length, 600);
});

test("of any turns of writes, exactly those are there that were answered", async () => {
  const turn = fc.array(fc.constantFrom("good", "throws", "taken"), { minLength: 1, maxLength: 8 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 5 }), async (turns) => {
      run++;
      const expected = await committed();
      for (const [number, kinds] of turns.entries()) {
        const outcomes = await Promise.allSettled(
          kinds.map((kind, index) => {
            const name = `${run}-${number}-${index}`;
            if (kind === "throws") return database.write(() => addAndThrow(name));
            if (kind === "good") expected.push(name);
            return database.write(function* () {
              yield* all(insert, { name });
              if (kind === "taken") yield* all(insert, { name });
            });
          }),
        );
        for (const [index, { status }] of outcomes.entries()) {
          assert.equal(status, kinds[index] === "good" ? "fulfilled" : "rejected");
        }
      }
      assert.deepEqual(await committed(), expected.toSorted());
    }),
    { numRuns: 60 },
  );
});
