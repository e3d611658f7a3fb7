import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf, onlyProblemOf, problemsOf } from "./fixtures.ts";

const POSTGRES = { DATABASE_URL: "postgres://earshot@db.example/earshot" };

test("PostgreSQL is used with bounds that can be set in the file and in the environment", () => {
  const defaults = {
    poolSize: 20,
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 5000,
    idleTransactionTimeoutMs: 10_000,
    pooler: "none",
  };
  assert.deepEqual(configOf(POSTGRES).postgres, defaults);
  const file = {
    ...POSTGRES,
    DATABASE_POOL_SIZE: 4,
    DATABASE_STATEMENT_TIMEOUT: { minutes: 1 },
    DATABASE_LOCK_TIMEOUT: 59,
    DATABASE_IDLE_TRANSACTION_TIMEOUT: { hours: 1 },
    DATABASE_POOLER: "transaction",
  };
  assert.deepEqual(configOf(file).postgres, {
    poolSize: 4,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 59_000,
    idleTransactionTimeoutMs: 3_600_000,
    pooler: "transaction",
  });
  const environment = {
    DATABASE_POOL_SIZE: "200",
    DATABASE_STATEMENT_TIMEOUT: "1 hour",
    DATABASE_LOCK_TIMEOUT: "30 minutes",
    DATABASE_IDLE_TRANSACTION_TIMEOUT: "1",
    DATABASE_POOLER: "None",
  };
  assert.deepEqual(configOf(file, environment).postgres, {
    poolSize: 200,
    statementTimeoutMs: 3_600_000,
    lockTimeoutMs: 1_800_000,
    idleTransactionTimeoutMs: 1000,
    pooler: "none",
  });
});

test("with SQLite the bounds of PostgreSQL are taken all the same", () => {
  const config = configOf({ DATABASE_URL: "sqlite::memory:", DATABASE_POOL_SIZE: 20, DATABASE_POOLER: "transaction" });
  assert.equal(config.databaseUrl, "sqlite::memory:");
  assert.deepEqual([config.postgres.poolSize, config.postgres.pooler], [20, "transaction"]);
});

test("bounds outside their limits are refused", () => {
  for (const size of [3, 201, 0, -1, 4.5, "10", null, Infinity])
    assert.match(
      onlyProblemOf({ DATABASE_POOL_SIZE: size }),
      /^DATABASE_POOL_SIZE .*write a whole number from 4 to 200$/,
    );
  for (const [name, tooShort] of [
    ["DATABASE_STATEMENT_TIMEOUT", 1],
    ["DATABASE_LOCK_TIMEOUT", 0],
    ["DATABASE_IDLE_TRANSACTION_TIMEOUT", 0],
  ] as const) {
    for (const length of [tooShort, 0.5, -1, 3601, { hours: 2 }, "10", null])
      assert.match(onlyProblemOf({ [name]: length }), new RegExp(`^${name} .*; write a length of time from `));
    assert.match(onlyProblemOf({}, { [name]: "100 ms" }), new RegExp(`^${name} .*; write a length of time from `));
  }
  for (const pooler of ["session", "pgbouncer", "", true, null]) {
    assert.match(
      onlyProblemOf({ DATABASE_POOLER: pooler }),
      /^DATABASE_POOLER .*; write none, or transaction for a pooler in transaction mode$/,
    );
  }
});

test("a wait for a lock that outlasts its statement is refused, whichever of the two was set", () => {
  assert.equal(
    onlyProblemOf({ DATABASE_LOCK_TIMEOUT: 30 }, { DATABASE_STATEMENT_TIMEOUT: "20 seconds" }),
    "DATABASE_LOCK_TIMEOUT (earshot.settings.ts) is 30 seconds, not shorter than DATABASE_STATEMENT_TIMEOUT (environment) " +
      "with 20 seconds; write a shorter one, or a longer DATABASE_STATEMENT_TIMEOUT",
  );
  assert.match(
    onlyProblemOf({ DATABASE_LOCK_TIMEOUT: 10 }),
    /^DATABASE_LOCK_TIMEOUT \(earshot\.settings\.ts\) is 10 seconds, not shorter than DATABASE_STATEMENT_TIMEOUT \(default\)/,
  );
  assert.match(
    onlyProblemOf({ DATABASE_STATEMENT_TIMEOUT: 5 }),
    /^DATABASE_LOCK_TIMEOUT \(default\) is 5 seconds, not shorter than DATABASE_STATEMENT_TIMEOUT \(earshot\.settings\.ts\)/,
  );
  const { lockTimeoutMs, statementTimeoutMs } = configOf({ DATABASE_STATEMENT_TIMEOUT: 6 }).postgres;
  assert.deepEqual([lockTimeoutMs, statementTimeoutMs], [5000, 6000]);
  assert.equal(problemsOf({ DATABASE_LOCK_TIMEOUT: 30, DATABASE_STATEMENT_TIMEOUT: "soon" }).length, 1);
});
