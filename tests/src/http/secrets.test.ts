import assert from "node:assert/strict";
import { test } from "node:test";

import { submitLogin } from "../support/browser.ts";
import { startConversing } from "../support/conversing.ts";
import { type Answer, request } from "../support/http.ts";
import { assertSound } from "../support/sound.ts";
import { accessToken, claims, foreignRefreshToken, refresh, sign } from "../support/tokens.ts";

const { server, alice } = await startConversing();
const SECRET = "zq7-a-secret-that-nobody-repeats-9x";

function assertSilent(answer: Answer, what: string): void {
  assertSound(answer, what);
  assert.ok(answer.status >= 400 || answer.text.startsWith("<!doctype"), what);
  assert.ok(!answer.text.includes(SECRET), `${what}: ${answer.text}`);
  assert.ok(!JSON.stringify(answer.setCookies).includes(SECRET));
}

const bodies: [type: string, body: string][] = [
  ["application/json", `{"username":"alice","password":"${SECRET}"}`],
  ["application/json", `{"username":"alice","password":"${SECRET}"`],
  ["application/json", `{"username":"alice","password":"${SECRET}`],
  ["application/json", `{"username":"alice","password":${SECRET}}`],
  ["application/json", SECRET],
  ["application/json", `"${SECRET}"`],
  ["application/json", `["${SECRET}"]`],
  ["application/json", `{"password":["${SECRET}"],"username":{"${SECRET}":1}}`],
  ["application/json", `{"password":"${SECRET}\\u0000","username":"a"}`],
  ["application/json", `{"refresh":"${SECRET}","token":"${SECRET}"}`],
  ["application/json", `{"refresh":["${SECRET}"],"token":{"a":"${SECRET}"}}`],
  ["application/x-www-form-urlencoded", `password=${SECRET}`],
  ["application/x-www-form-urlencoded", `username=alice&password=${SECRET}&refresh=${SECRET}&token=${SECRET}`],
  ["multipart/form-data; boundary=bb", `--bb\r\n${SECRET}`],
  ["text/plain", SECRET],
];

test("no error of a token route repeats what was sent to it", async () => {
  for (const path of ["/api/token/", "/api/token/refresh/", "/api/token/verify/", "/api/token/blacklist/"]) {
    for (const [type, body] of bodies) {
      for (const Accept of ["application/json", "text/html"]) {
        const headers = { "Content-Type": type, Accept };
        const answer = await request(server, "POST", path, { headers, body });
        assertSound(answer, path);
        assert.ok(!answer.text.includes(SECRET), `${path} ${body}: ${answer.text}`);
      }
    }
  }
});

test("no error of a guarded route repeats the token", async () => {
  for (const bearer of [SECRET, `${SECRET}.${SECRET}.${SECRET}`, `${SECRET} ${SECRET}`]) {
    for (const Accept of ["application/json", "text/html"]) {
      const answer = await request(server, "GET", "/api/conversations/", { bearer, headers: { Accept } });
      assertSound(answer);
      assert.ok(!answer.text.includes(SECRET));
      assert.equal(answer.status, 401);
    }
  }
  const cookies = { sessionid: SECRET, csrftoken: SECRET };
  assertSilent(await request(server, "GET", "/api/conversations/", { cookies }), "session");
});

test("the login page does not repeat a password", async () => {
  assertSilent(await submitLogin(server, "alice", { form: { password: SECRET } }), "login");
  assertSilent(await submitLogin(server, "", { form: { password: SECRET } }), "login without a name");
});

test("nothing of passwords, tokens and cookies is logged", async () => {
  const first = foreignRefreshToken(alice);
  await refresh(server, first);
  const spent = sign(claims("refresh", alice, { jti: SECRET }));
  const { text } = await refresh(server, spent);
  const successor: string = JSON.parse(text).refresh;
  await refresh(server, successor);
  await refresh(server, spent);
  const written = JSON.stringify(server.logged);
  assert.ok(server.logged.length > 0, "the reuse is logged");
  assert.ok(!written.includes(SECRET));
  for (const token of [first, spent, successor, accessToken(alice)]) {
    assert.ok(!written.includes(token.split(".")[2] ?? token));
  }
});

test("answers with tokens are kept out of caches", async () => {
  const answer = await refresh(server, foreignRefreshToken(alice));
  assert.match(answer.header("cache-control") ?? "", /no-store/);
});
