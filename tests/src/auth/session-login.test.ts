import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { csrfTokenFrom, logIn, sessionOf, submitLogin, withSession } from "../support/browser.ts";
import { startServer } from "../support/server.ts";
import { PASSWORD } from "../support/tokens.ts";

const server = await startServer();
after(() => server.close());
await server.createUser({ username: "alice", password: PASSWORD });
await server.createUser({ username: "mallory", password: PASSWORD });

describe("a session is made at login and nowhere else", () => {
  test("a planted session is not adopted", async () => {
    const planted = "p".repeat(32);
    const session = sessionOf(await submitLogin(server, "alice", { cookies: { sessionid: planted } }));
    assert.notEqual(session.sessionid, planted);
    assert.equal((await withSession(server, planted)).status, 401);
    assert.equal((await withSession(server, session.sessionid)).status, 200);
  });

  test("another's good session is not turned into one's own", async () => {
    const theirs = await logIn(server, "mallory");
    const session = sessionOf(await submitLogin(server, "alice", { cookies: { sessionid: theirs.sessionid } }));
    assert.notEqual(session.sessionid, theirs.sessionid);
    const { status, text } = await withSession(server, theirs.sessionid);
    assert.ok(status === 401 || (status === 200 && !text.includes("alice")));
  });

  test("a login beside an open session of the same browser ends that one", async () => {
    const before = await logIn(server, "alice");
    const session = sessionOf(await submitLogin(server, "alice", { cookies: { sessionid: before.sessionid } }));
    assert.equal((await withSession(server, session.sessionid)).status, 200);
    assert.equal((await withSession(server, before.sessionid)).status, 401);
  });

  test("each login makes a new session and a new CSRF token", async () => {
    const planted = await csrfTokenFrom(server);
    const sessions = await Promise.all([logIn(server, "alice"), logIn(server, "alice"), logIn(server, "alice")]);
    assert.equal(new Set(sessions.map(({ sessionid }) => sessionid)).size, sessions.length);
    assert.equal(new Set([planted, ...sessions.map(({ csrftoken }) => csrftoken)]).size, sessions.length + 1);
    for (const { sessionid, csrftoken } of sessions) {
      assert.match(sessionid, /^[A-Za-z0-9]{32}$/);
      assert.match(csrftoken, /^[A-Za-z0-9]{64}$/);
    }
  });

  test("a refused login sets no session", async () => {
    const answer = await submitLogin(server, "alice", { form: { password: "wrong" } });
    assert.equal(answer.status, 200);
    assert.ok(answer.setCookies.every((cookie) => !cookie.startsWith("sessionid=")));
    assert.ok(!answer.text.includes("wrong"), "the page does not repeat the password");
  });
});

describe("cookies", () => {
  const attributes = (line: string) => line.split("; ").slice(1);

  test("the session is HttpOnly and SameSite, the CSRF token is readable by the page", async () => {
    const answer = await submitLogin(server, "alice");
    const lines = new Map(answer.setCookies.map((line) => [line.split("=")[0], attributes(line)]));
    const session = lines.get("sessionid") ?? [];
    for (const wanted of ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"]) assert.ok(session.includes(wanted));
    assert.ok(!session.some((one) => one.startsWith("Domain")));
    const csrf = lines.get("csrftoken") ?? [];
    assert.ok(csrf.includes("SameSite=Lax") && !csrf.includes("HttpOnly"));
    assert.match(answer.header("cache-control") ?? "", /no-store|private/);
  });

  test("behind HTTPS both are Secure, if the settings say so", async (context) => {
    const secure = await startServer({ settings: { SESSION_COOKIE_SECURE: true, CSRF_COOKIE_SECURE: true } });
    context.after(() => secure.close());
    await secure.createUser({ username: "alice", password: PASSWORD });
    const answer = await submitLogin(secure, "alice");
    assert.equal(answer.setCookies.length, 2);
    for (const line of answer.setCookies) assert.ok(attributes(line).includes("Secure"), line);
  });
});

test("a session's value is stored hashed, and no log tells it", async () => {
  const { sessionid, csrftoken } = await logIn(server, "alice");
  assert.equal((await withSession(server, sessionid)).status, 200);
  const tables = await server.database.tables();
  assert.ok(tables.length > 5);
  for (const table of tables) {
    const rows = JSON.stringify(await server.database.rows(`select * from ${table}`));
    assert.ok(!rows.includes(sessionid) && !rows.includes(csrftoken) && !rows.includes(PASSWORD), table);
  }
  assert.deepEqual(server.logged, []);
});

test("a wrong password, an unknown and an inactive user get the same page", async () => {
  await server.createUser({ username: "ivy", password: PASSWORD, is_active: false });
  const page = async (username: string, password: string) => {
    const { status, text } = await submitLogin(server, username, { form: { username, password } });
    return { status, text: text.replaceAll(/value="[^"]*"/g, "") };
  };
  const wrong = await page("alice", "wrong");
  assert.equal(wrong.status, 200);
  assert.deepEqual(await page("nobody", PASSWORD), wrong);
  assert.deepEqual(await page("ivy", PASSWORD), wrong);
});
