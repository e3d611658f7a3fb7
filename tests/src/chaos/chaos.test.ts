import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";

import { type CrashingPostgres, startCrashingPostgres } from "./crashing-postgres.ts";
import { createInstallation, type Installation } from "./installation.ts";
import { play, type Played } from "./schedule.ts";
import { summary } from "./summary.ts";
import { assertBothCount, assertDisturbed, assertKept, assertOnlyOutages } from "./verify.ts";

const { EARSHOT_TEST_CHAOS_SECONDS: LENGTH } = process.env;
/** The long form has more clients, too. */
const { seconds, clients } =
  LENGTH === undefined ? { seconds: 9, clients: 60 } : { seconds: Number(LENGTH), clients: 200 };
assert.ok(seconds >= 9, "EARSHOT_TEST_CHAOS_SECONDS takes a number of seconds, 9 or more");

suite(`${clients} clients send through two servers; one is killed, then the database crashes`, () => {
  const cleanup = new AsyncDisposableStack();
  after(() => cleanup.disposeAsync());
  let postgres: CrashingPostgres;
  let installation: Installation;
  let played: Played;

  before(async () => {
    postgres = cleanup.use(await startCrashingPostgres());
    installation = cleanup.use(await createInstallation(postgres.url, { clients, conversations: 20, each: 4 }));
    played = await play(installation, postgres, seconds);
    console.log(summary(played));
  });

  test("clients meet nothing but 503 while the database is away, and broken connections from the killed server", () => {
    assertOnlyOutages(played);
  });
  test("one server alone goes on, and both come back by themselves", () => {
    assertDisturbed(played);
  });
  test("every acknowledged message is there once, and every conversation without a hole", async () => {
    await assertKept(postgres, installation, played.journal.acknowledged);
  });
  test("both servers answer the same, and count right what was sent and what is unread", async () => {
    await assertBothCount(installation, played.journal.acknowledged);
  });
});
