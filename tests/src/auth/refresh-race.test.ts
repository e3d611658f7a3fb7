import assert from "node:assert/strict";
import { after, test } from "node:test";

import type { Answer } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { asBearer, BLACKLISTED, foreignRefreshToken, obtain, pairOf, PASSWORD, refresh } from "../support/tokens.ts";

const AT_ONCE = 50;

const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

/** Refreshes one token many times at once; checks that one request won and returns its answer. */
async function race(token: string): Promise<Answer> {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => refresh(server, token)));
  const [winner, ...others] = answers.filter(({ status }) => status === 200);
  const losers = answers.filter(({ status }) => status !== 200);
  assert.ok(winner !== undefined, "somebody wins");
  assert.equal(others.length, 0, "nobody else wins");
  assert.equal(losers.length, AT_ONCE - 1);
  for (const loser of losers) {
    assert.equal(loser.status, 401);
    assert.deepEqual(loser.json, BLACKLISTED);
    assert.equal(loser.header("www-authenticate"), 'Bearer realm="api"');
  }
  return winner;
}

test(`of ${AT_ONCE} parallel refreshes of one token one wins, and the session lives`, async () => {
  const { refresh: first } = await obtain(server, "alice");
  const won = pairOf(await race(first));
  assert.equal((await asBearer(server, won.access)).status, 200);
  const next = pairOf(await race(won.refresh));
  assert.equal((await refresh(server, next.refresh)).status, 200);
});

test("parallel refreshes are told apart by session: each of several sessions has its own winner", async () => {
  const pairs = await Promise.all(Array.from({ length: 3 }, () => obtain(server, "alice")));
  const winners = await Promise.all(pairs.map((pair) => race(pair.refresh)));
  for (const winner of winners) assert.equal((await refresh(server, pairOf(winner).refresh)).status, 200);
});

test("a token signed with our key that was never issued here is taken once, by one of many", async () => {
  const won = pairOf(await race(foreignRefreshToken(alice)));
  assert.equal((await refresh(server, won.refresh)).status, 200);
});

test("races are not logged as theft", () => {
  assert.deepEqual(server.logged, []);
});
