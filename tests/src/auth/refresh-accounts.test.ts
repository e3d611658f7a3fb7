import assert from "node:assert/strict";
import { after, test } from "node:test";

import { detailOf } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import {
  asBearer,
  blacklist,
  BLACKLISTED,
  claims,
  foreignRefreshToken,
  NO_ACCOUNT,
  obtain,
  pairOf,
  PASSWORD,
  refresh,
  sign,
  verify,
} from "../support/tokens.ts";

const server = await startServer();
after(() => server.close());
const newUser = (username: string) => server.createUser({ username, password: PASSWORD });

test("an inactive user's token is refused unspent: after the return it is good", async () => {
  await newUser("ivy");
  const pair = await obtain(server, "ivy");
  await server.setActive("ivy", false);
  const refused = await refresh(server, pair.refresh);
  assert.equal(refused.status, 401);
  assert.deepEqual(refused.json, NO_ACCOUNT);
  assert.equal(detailOf(await asBearer(server, pair.access)), "User is inactive");
  assert.equal((await verify(server, pair.refresh)).status, 200, "verify does not look at users");

  await server.setActive("ivy", true);
  assert.equal((await refresh(server, pair.refresh)).status, 200);
  assert.deepEqual((await refresh(server, pair.refresh)).json, BLACKLISTED);
});

test("an inactive user cannot learn from a refresh whether a token was spent, other than as everybody does", async () => {
  await newUser("ines");
  const first = await obtain(server, "ines");
  await refresh(server, first.refresh);
  await server.setActive("ines", false);
  assert.deepEqual((await refresh(server, first.refresh)).json, BLACKLISTED);
  assert.deepEqual((await refresh(server, foreignRefreshToken("nobody-at-all"))).json, NO_ACCOUNT);
});

test("an inactive user's token can be blacklisted", async () => {
  await newUser("ida");
  const { refresh: token } = await obtain(server, "ida");
  await server.setActive("ida", false);
  assert.equal((await blacklist(server, token)).status, 200);
  await server.setActive("ida", true);
  assert.deepEqual((await refresh(server, token)).json, BLACKLISTED);
});

test("a deleted user's tokens are of no use, and a new user of the same name does not revive them", async () => {
  await newUser("dora");
  const first = await obtain(server, "dora");
  const pair = pairOf(await refresh(server, first.refresh));
  await server.deleteUser("dora");

  const assertRefused = async () => {
    for (const token of [first.refresh, pair.refresh]) {
      const refused = await refresh(server, token);
      assert.equal(refused.status, 401);
      assert.deepEqual(refused.json, NO_ACCOUNT);
    }
    const guarded = await asBearer(server, pair.access);
    assert.equal(guarded.status, 401);
    assert.equal(detailOf(guarded), "User not found");
  };
  await assertRefused();
  await newUser("dora");
  await assertRefused();
  assert.equal((await asBearer(server, (await obtain(server, "dora")).access)).status, 200);
});

test("a refresh token without a user is refused, and can be blacklisted", async () => {
  const token = sign(claims("refresh", null, { user_id: undefined }));
  const refused = await refresh(server, token);
  assert.equal(refused.status, 401);
  assert.deepEqual(refused.json, NO_ACCOUNT);
  assert.equal((await blacklist(server, token)).status, 200);
  assert.deepEqual((await blacklist(server, token)).json, BLACKLISTED);
});

test("no raw token is stored", async () => {
  await newUser("rose");
  const pair = pairOf(await refresh(server, (await obtain(server, "rose")).refresh));
  const { rows } = server.database;
  const stored = JSON.stringify([await rows("select * from sessions"), await rows("select * from refresh_tokens")]);
  assert.ok(stored.includes("session_id"));
  for (const token of [pair.access, pair.refresh]) {
    for (const part of token.split(".")) assert.ok(!stored.includes(part));
  }
});
