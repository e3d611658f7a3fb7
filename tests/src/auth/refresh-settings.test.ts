import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { textMember } from "../contract/json.ts";
import { startServer } from "../support/server.ts";
import { blacklist, BLACKLISTED, obtain, pairOf, PASSWORD, refresh, verify } from "../support/tokens.ts";

async function start(ROTATE_REFRESH_TOKENS: boolean, BLACKLIST_AFTER_ROTATION: boolean) {
  const server = await startServer({ settings: { SIMPLE_JWT: { ROTATE_REFRESH_TOKENS, BLACKLIST_AFTER_ROTATION } } });
  after(() => server.close());
  await server.createUser({ username: "alice", password: PASSWORD });
  return server;
}

const contentOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

describe("rotation with blacklisting", async () => {
  const server = await start(true, true);

  test("a refresh gives a new refresh token with a new id and new times, and spends the old one", async () => {
    const { refresh: token } = await obtain(server, "alice");
    const answer = await refresh(server, token);
    assert.deepEqual(Object.keys(JSON.parse(answer.text)).toSorted(), ["access", "refresh"]);
    const [old, next] = [contentOf(token), contentOf(pairOf(answer).refresh)];
    assert.notEqual(next.jti, old.jti);
    assert.ok(next.exp >= old.exp);
    assert.equal(next.user_id, old.user_id);
    assert.deepEqual((await refresh(server, token)).json, BLACKLISTED);
    assert.equal((await verify(server, token)).status, 400);
  });
});

describe("rotation without blacklisting", async () => {
  const server = await start(true, false);

  test("a refresh gives a new refresh token, and the old one stays good", async () => {
    const { refresh: token } = await obtain(server, "alice");
    const answers = [await refresh(server, token), await refresh(server, token), await refresh(server, token)];
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      assert.equal((await refresh(server, pairOf(answer).refresh)).status, 200);
    }
    assert.equal((await verify(server, token)).status, 200);
  });

  test("blacklisting one token ends its session, and with it every token that came of it", async () => {
    const { refresh: token } = await obtain(server, "alice");
    const { refresh: next } = pairOf(await refresh(server, token));
    assert.equal((await blacklist(server, token)).status, 200);
    assert.deepEqual((await refresh(server, token)).json, BLACKLISTED);
    assert.deepEqual((await refresh(server, next)).json, BLACKLISTED);
    assert.deepEqual(server.logged, []);
  });
});

describe("no rotation", async () => {
  const server = await start(false, false);

  test("a refresh gives an access token alone, and the refresh token stays good", async () => {
    const { refresh: token } = await obtain(server, "alice");
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(server, token)));
    const tokens = answers.map((answer) => {
      assert.equal(answer.status, 200);
      assert.deepEqual(Object.keys(JSON.parse(answer.text)), ["access"]);
      return textMember(answer.json, "access");
    });
    assert.equal(new Set(tokens.map((one) => contentOf(one).jti)).size, tokens.length, "each has an id of its own");
  });

  test("a blacklisted token is spent all the same", async () => {
    const { refresh: token } = await obtain(server, "alice");
    assert.equal((await blacklist(server, token)).status, 200);
    assert.deepEqual((await refresh(server, token)).json, BLACKLISTED);
    assert.deepEqual((await blacklist(server, token)).json, BLACKLISTED);
  });
});

test("blacklisting after a rotation that never happens stops the start", async () => {
  await assert.rejects(
    startServer({ settings: { SIMPLE_JWT: { ROTATE_REFRESH_TOKENS: false, BLACKLIST_AFTER_ROTATION: true } } }),
    /BLACKLIST_AFTER_ROTATION/,
  );
});
