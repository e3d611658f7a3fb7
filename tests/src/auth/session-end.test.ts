import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { logIn, withSession } from "../support/browser.ts";
import { request } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { asBearer, obtain, PASSWORD, refresh } from "../support/tokens.ts";

let now = Date.now();
const server = await startServer({ now: () => now });
after(() => server.close());
const newUser = (username: string) => server.createUser({ username, password: PASSWORD });

describe("a session ends", () => {
  test("at logout, and only that one", async () => {
    await newUser("lou");
    const [mine, other] = [await logIn(server, "lou"), await logIn(server, "lou")];
    const answer = await request(server, "GET", "/api-auth/logout/", { cookies: { sessionid: mine.sessionid } });
    assert.equal(answer.status, 200);
    assert.ok(answer.setCookies.some((line) => line.startsWith('sessionid=""') && line.includes("Max-Age=0")));
    assert.equal((await withSession(server, mine.sessionid)).status, 401);
    assert.equal((await withSession(server, other.sessionid)).status, 200);
  });

  test("when the password changes, every one", async () => {
    await newUser("pat");
    const sessions = [await logIn(server, "pat"), await logIn(server, "pat")];
    await server.setPassword("pat", "another-long-password-8");
    for (const { sessionid } of sessions) {
      const answer = await withSession(server, sessionid);
      assert.equal(answer.status, 401);
      assert.ok(
        answer.setCookies.some((line) => line.startsWith('sessionid=""')),
        "the browser is told to forget it",
      );
    }
    await server.setPassword("pat", PASSWORD);
    for (const { sessionid } of sessions) assert.equal((await withSession(server, sessionid)).status, 401);
  });

  test("with its user, and a new user of the same name does not revive it", async () => {
    await newUser("dora");
    const { sessionid } = await logIn(server, "dora");
    await server.deleteUser("dora");
    assert.equal((await withSession(server, sessionid)).status, 401);
    await newUser("dora");
    assert.equal((await withSession(server, sessionid)).status, 401);
  });
});

test("an inactive user's session rests, and is there again when they are", async () => {
  await newUser("ivy");
  const { sessionid } = await logIn(server, "ivy");
  await server.setActive("ivy", false);
  const answer = await withSession(server, sessionid);
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.setCookies, [], "the browser keeps it");
  await server.setActive("ivy", true);
  assert.equal((await withSession(server, sessionid)).status, 200);
});

test("a logout by cookie does not touch the user's tokens, nor the other way round", async () => {
  await newUser("kim");
  const { sessionid } = await logIn(server, "kim");
  const pair = await obtain(server, "kim");
  await request(server, "POST", "/api/token/blacklist/", { json: { refresh: pair.refresh } });
  assert.equal((await withSession(server, sessionid)).status, 200);
  const other = await obtain(server, "kim");
  await request(server, "GET", "/api-auth/logout/", { cookies: { sessionid } });
  assert.equal((await refresh(server, other.refresh)).status, 200);
  assert.equal((await asBearer(server, other.access)).status, 200);
});

test("session cookies that are none are refused, whatever they hold", async () => {
  const values = [
    "",
    '""',
    "x",
    "a".repeat(32),
    "a".repeat(7000),
    "%00",
    "%ff",
    "' or 1=1 --",
    "__proto__",
    "a;b",
    "é",
  ];
  for (const value of values) assert.equal((await withSession(server, value)).status, 401, value.slice(0, 40));
  const cookies = { __proto__x: "1", constructor: "1", toString: "1" };
  assert.equal((await request(server, "GET", "/api/conversations/", { cookies })).status, 401);
});

test("a bad bearer token is refused beside a good session, and a good one needs no CSRF token", async () => {
  await newUser("bea");
  const { sessionid } = await logIn(server, "bea");
  const { access } = await obtain(server, "bea");
  const cookies = { sessionid };
  assert.equal((await request(server, "GET", "/api/conversations/", { cookies, bearer: "a.b.c" })).status, 401);
  const json = { participants: [(await server.createUser({ username: "bob" })).user_id] };
  assert.equal((await request(server, "POST", "/api/conversations/", { cookies, json })).status, 403);
  assert.equal((await request(server, "POST", "/api/conversations/", { cookies, json, bearer: access })).status, 201);
});

// The last: the server's clock never goes back.
test("a session ends when its time is over, to the second", async () => {
  await newUser("tim");
  const { sessionid } = await logIn(server, "tim");
  now += (server.context.config.session.cookieAgeSeconds - 2) * 1000;
  assert.equal((await withSession(server, sessionid)).status, 200);
  now += 2000;
  assert.equal((await withSession(server, sessionid)).status, 401);
});
