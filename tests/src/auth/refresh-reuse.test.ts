import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";

import { type Answer, detailOf } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import {
  blacklist,
  BLACKLISTED,
  foreignRefreshToken,
  obtain,
  type Pair,
  pairOf,
  PASSWORD,
  refresh,
  verify,
} from "../support/tokens.ts";

const WINDOW_SECONDS = 10;
let now = Date.now();
const server = await startServer({
  now: () => now,
  settings: { EARSHOT: { REFRESH_RACE_WINDOW: WINDOW_SECONDS } },
});
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

let logLength = 0;
beforeEach(() => {
  logLength = server.logged.length;
});

const pass = (seconds: number) => {
  now += seconds * 1000;
};

function assertBlacklisted(answer: Answer): void {
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.json, BLACKLISTED);
}

async function rotated(token: string): Promise<Pair> {
  const answer = await refresh(server, token);
  assert.equal(answer.status, 200, answer.text);
  return pairOf(answer);
}

/** That the session's newest token is refused, and that the log tells of it without any token. */
async function assertEnded(newest: string, ...others: readonly string[]): Promise<void> {
  const [entry, ...more] = server.logged.slice(logLength);
  assert.equal(entry?.level, "warn");
  assert.equal(more.length, 0, "logged once");
  const written = JSON.stringify(entry);
  assert.ok(written.includes(alice), "the log names the user");
  for (const token of [newest, ...others]) {
    for (const part of token.split(".")) assert.ok(!written.includes(part), "no part of a token is in the log");
    const [, payload = ""] = token.split(".");
    const { jti } = JSON.parse(Buffer.from(payload, "base64url").toString());
    assert.ok(!written.includes(jti), "no id of a token is in the log");
  }
  assertBlacklisted(await refresh(server, newest));
  const verified = await verify(server, newest);
  assert.equal(verified.status, 400);
  assert.deepEqual(verified.json, { non_field_errors: [BLACKLISTED.detail] });
  assert.equal(server.logged.length, logLength + 1, "a session ends once");
}

test("the token just superseded comes again within the window: the session lives", async () => {
  const first = await obtain(server, "alice");
  const second = await rotated(first.refresh);
  pass(WINDOW_SECONDS);
  assertBlacklisted(await refresh(server, first.refresh));
  assertBlacklisted(await refresh(server, first.refresh));
  await rotated(second.refresh);
  assert.equal(server.logged.length, logLength);
});

test("the token just superseded comes again later: the session ends with its successors", async () => {
  const first = await obtain(server, "alice");
  const second = await rotated(first.refresh);
  pass(WINDOW_SECONDS + 0.001);
  assertBlacklisted(await refresh(server, first.refresh));
  await assertEnded(second.refresh, first.refresh);
});

test("a grandparent ends the session within the window, too", async () => {
  const first = await obtain(server, "alice");
  const second = await rotated(first.refresh);
  const third = await rotated(second.refresh);
  assertBlacklisted(await refresh(server, first.refresh));
  await assertEnded(third.refresh, second.refresh, first.refresh);
});

test("a parent stays harmless after a grandparent was not asked for, and ends nothing but its own session", async () => {
  const [mine, other] = [await obtain(server, "alice"), await obtain(server, "alice")];
  const second = await rotated(mine.refresh);
  pass(WINDOW_SECONDS * 2);
  assertBlacklisted(await refresh(server, mine.refresh));
  await assertEnded(second.refresh);
  await rotated(other.refresh);
});

test("a blacklisted token is refused everywhere and its session is over, which is nobody's theft", async () => {
  const first = await obtain(server, "alice");
  assert.equal((await blacklist(server, first.refresh)).status, 200);
  for (let time = 0; time < 2; time++) {
    assertBlacklisted(await refresh(server, first.refresh));
    assertBlacklisted(await blacklist(server, first.refresh));
    pass(WINDOW_SECONDS + 1);
  }
  assert.equal(detailOf(await refresh(server, first.refresh)), BLACKLISTED.detail);
  assert.equal(server.logged.length, logLength);
});

test("blacklisting a token that was superseded long ago ends the session, as refreshing with it does", async () => {
  const first = await obtain(server, "alice");
  const second = await rotated(first.refresh);
  pass(WINDOW_SECONDS + 1);
  assertBlacklisted(await blacklist(server, first.refresh));
  await assertEnded(second.refresh);
});

test("the successor of a blacklisted token's predecessor is dead: a logout ends the whole chain", async () => {
  const first = await obtain(server, "alice");
  const second = await rotated(first.refresh);
  assert.equal((await blacklist(server, second.refresh)).status, 200);
  assertBlacklisted(await refresh(server, first.refresh));
  assertBlacklisted(await refresh(server, second.refresh));
});

test("a token that was never issued here is blacklisted before its first use, or ended by its reuse", async () => {
  const unused = foreignRefreshToken(alice, now);
  assert.equal((await blacklist(server, unused)).status, 200);
  assertBlacklisted(await refresh(server, unused));

  const used = foreignRefreshToken(alice, now);
  const second = await rotated(used);
  pass(WINDOW_SECONDS + 1);
  assertBlacklisted(await refresh(server, used));
  await assertEnded(second.refresh);
});

test("an access token of an ended session stays good until it expires, as the contract has it", async () => {
  const first = await obtain(server, "alice");
  assert.equal((await blacklist(server, first.refresh)).status, 200);
  assert.equal((await verify(server, first.access)).status, 200);
});
