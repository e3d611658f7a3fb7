import assert from "node:assert/strict";
import { after, test } from "node:test";

import { textMember } from "../contract/json.ts";
import { submitLogin } from "../support/browser.ts";
import { openConversation, request } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { asBearer, claims, NO_ACCOUNT, obtain, pairOf, PASSWORD, refresh, sign } from "../support/tokens.ts";

const server = await startServer({
  settings: { SIMPLE_JWT: { CHECK_USER_IS_ACTIVE: false, AUTH_TOKEN_CLASSES: ["access", "sliding"] } },
});
after(() => server.close());
const { user_id: bob } = await server.createUser({ username: "bob", password: PASSWORD });
const { user_id: ivy } = await server.createUser({ username: "ivy", password: PASSWORD, is_active: false });

test("an inactive user obtains, refreshes and uses tokens as others do", async () => {
  const pair = await obtain(server, "ivy");
  const next = pairOf(await refresh(server, pair.refresh));
  assert.equal((await asBearer(server, next.access)).status, 200);
  const json = { username: "ivy", password: PASSWORD };
  const sliding = textMember((await request(server, "POST", "/api/token/sliding/", { json })).json, "token");
  assert.equal((await asBearer(server, sliding)).status, 200);
  const slid = await request(server, "POST", "/api/token/sliding/refresh/", { json: { token: sliding } });
  assert.equal(slid.status, 200);
});

test("an inactive user sends a message", async () => {
  const bearer = sign(claims("access", ivy));
  const conversation = await openConversation(server, bearer, [bob]);
  const json = { conversation, message_body: "hello" };
  assert.equal((await request(server, "POST", "/api/messages/", { bearer, json })).status, 201);
});

test("a wrong password is one all the same, and the login page lets nobody in who is inactive", async () => {
  const json = { username: "ivy", password: "wrong" };
  assert.equal((await request(server, "POST", "/api/token/", { json })).status, 401);
  assert.equal((await submitLogin(server, "ivy")).status, 200, "the form again");
});

test("a deleted user is none", async () => {
  const { user_id } = await server.createUser({ username: "dora", password: PASSWORD });
  const pair = await obtain(server, "dora");
  await server.deleteUser("dora");
  assert.equal(JSON.parse((await asBearer(server, pair.access)).text).code, "user_not_found");
  assert.deepEqual((await refresh(server, pair.refresh)).json, NO_ACCOUNT);
  assert.deepEqual((await refresh(server, sign(claims("refresh", user_id)))).json, NO_ACCOUNT);
});
