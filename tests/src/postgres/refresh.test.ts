import assert from "node:assert/strict";

import { logIn, submitLogin, withSession } from "../support/browser.ts";
import { request } from "../support/http.ts";
import type { TestServer } from "../support/server.ts";
import {
  accessToken,
  asBearer,
  blacklist,
  BLACKLISTED,
  foreignRefreshToken,
  obtain,
  pairOf,
  PASSWORD,
  refresh,
  verify,
} from "../support/tokens.ts";
import { testConversing } from "./conversation.ts";
import { begin } from "./holder.ts";

const testShared = testConversing("a login is shared by two processes");

const AT_ONCE = 50;

/** Refreshes a token many times at once, by turns through one server and another; returns the one pair that came out. */
async function race(servers: readonly TestServer[], token: string) {
  const refreshes = Array.from({ length: AT_ONCE / servers.length }, () => servers.map((one) => refresh(one, token)));
  const answers = await Promise.all(refreshes.flat());
  const [winner, ...others] = answers.filter(({ status }) => status === 200);
  assert.ok(winner !== undefined, "nobody won");
  assert.equal(others.length, 0, "several won");
  const losers = answers.filter(({ status }) => status !== 200);
  assert.equal(losers.length, AT_ONCE - 1);
  for (const { status, json } of losers) assert.deepEqual([status, json], [401, BLACKLISTED]);
  return pairOf(winner);
}

testShared(
  `of ${AT_ONCE} refreshes of one token through two processes one wins, and the session goes on`,
  async ({ one, other, alice, installation }) => {
    const first = pairOf(await refresh(one, foreignRefreshToken(alice.user_id)));
    const won = await race([one, other], first.refresh);
    const again = await race([other, one], won.refresh);
    assert.equal((await asBearer(other, again.access)).status, 200);
    assert.equal((await refresh(one, again.refresh)).status, 200);
    const sessions = await installation.rows("select ended_at from sessions where user_id = $1", alice.user_id);
    assert.deepEqual(sessions.map(Object.entries), [[["ended_at", null]]]);
    assert.deepEqual([...one.logged, ...other.logged], []);
  },
);

testShared("refreshes that all wait for the same token have one winner", async ({ one, other, alice, client }) => {
  const first = pairOf(await refresh(one, foreignRefreshToken(alice.user_id)));
  const holder = await begin(client);
  await holder.run(
    "select 1 from refresh_tokens t join sessions s using (session_id) where s.user_id = $1 for update of t",
    alice.user_id,
  );
  const won = race([one, other], first.refresh);
  await holder.isAwaitedBy(2);
  await holder.release();
  assert.equal((await refresh(other, (await won).refresh)).status, 200);
});

testShared(
  "a token signed elsewhere that many bring through two processes is taken once, and leaves one session",
  async ({ one, other, alice, installation }) => {
    const won = await race([one, other], foreignRefreshToken(alice.user_id));
    const sessions = "select 1 from sessions where user_id = $1";
    assert.equal((await installation.rows(sessions, alice.user_id)).length, 1);
    assert.equal((await refresh(other, won.refresh)).status, 200);
  },
);

testShared(
  "of a refresh and a blacklisting at once through two processes one is first, and the session ends if that is the latter",
  async ({ one, other, alice, client }) => {
    const first = pairOf(await refresh(one, foreignRefreshToken(alice.user_id)));
    const holder = await begin(client);
    await holder.run(
      "select 1 from refresh_tokens t join sessions s using (session_id) where s.user_id = $1 for update of t",
      alice.user_id,
    );
    const blacklisted = blacklist(one, first.refresh);
    await holder.isAwaitedBy(1);
    const refreshed = refresh(other, first.refresh);
    await holder.isAwaitedBy(2);
    await holder.release();
    assert.equal((await blacklisted).status, 200);
    assert.deepEqual((await refreshed).json, BLACKLISTED);
    assert.deepEqual((await verify(other, first.refresh)).status, 400);
  },
);

testShared("a token blacklisted through one process is refused by the other at once", async ({ one, other, alice }) => {
  const pair = pairOf(await refresh(one, foreignRefreshToken(alice.user_id)));
  assert.equal((await verify(other, pair.refresh)).status, 200);
  assert.equal((await blacklist(one, pair.refresh)).status, 200);
  assert.deepEqual((await refresh(other, pair.refresh)).json, BLACKLISTED);
  assert.equal((await verify(other, pair.refresh)).status, 400);
});

testShared(
  "a login at one process is good at the other: tokens, and the session until its end",
  async ({ one, other, alice }) => {
    await one.setPassword(alice.username, PASSWORD);
    const pair = await obtain(other, alice.username);
    assert.equal((await asBearer(one, pair.access)).status, 200);

    const { sessionid, csrftoken } = await logIn(one, alice.username);
    assert.equal((await withSession(other, sessionid)).status, 200);
    const out = await request(other, "POST", "/api-auth/logout/", {
      cookies: { sessionid, csrftoken },
      form: { csrfmiddlewaretoken: csrftoken },
    });
    assert.ok(out.status < 400, String(out.status));
    assert.notEqual((await withSession(one, sessionid)).status, 200);
  },
);

testShared(
  "whoever is deactivated through one process is refused by both, by token, session and login",
  async ({ one, other, alice }) => {
    await one.setPassword(alice.username, PASSWORD);
    const { sessionid } = await logIn(one, alice.username);
    const { refresh: token } = await obtain(one, alice.username);
    await one.setActive(alice.username, false);
    for (const server of [one, other]) {
      assert.equal((await asBearer(server, accessToken(alice.user_id))).status, 401);
      assert.notEqual((await withSession(server, sessionid)).status, 200);
      assert.equal((await refresh(server, token)).status, 401);
      assert.equal((await submitLogin(server, alice.username)).header("location"), undefined);
    }
    await other.setActive(alice.username, true);
    for (const server of [one, other]) assert.equal((await withSession(server, sessionid)).status, 200);
  },
);

testShared("a new password set through one process ends the sessions of the other", async ({ one, other, alice }) => {
  await one.setPassword(alice.username, PASSWORD);
  const { sessionid } = await logIn(other, alice.username);
  await one.setPassword(alice.username, `${PASSWORD}!`);
  assert.notEqual((await withSession(other, sessionid)).status, 200);
});
