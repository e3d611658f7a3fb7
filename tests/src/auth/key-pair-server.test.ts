import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { type Answer, request } from "../support/http.ts";
import { SECRET_KEY, startServer, type TestServer } from "../support/server.ts";
import {
  asBearer,
  blacklist,
  BLACKLISTED,
  claims,
  INVALID,
  obtain,
  pairOf,
  PASSWORD,
  refresh,
  sign,
  verify,
} from "../support/tokens.ts";
import { issuerKey, signWith, startIssuer } from "./issuer.ts";
import { ed25519Keys, keysFor, rsaKeys } from "./key-pairs.ts";

async function start(SIMPLE_JWT: object, EARSHOT: object = {}) {
  const server = await startServer({ settings: { SIMPLE_JWT, EARSHOT } });
  after(() => server.close());
  const { user_id } = await server.createUser({ username: "alice", password: PASSWORD });
  return { server, user_id };
}

const invalidForAny = {
  detail: "Given token not valid for any token type",
  code: "token_not_valid",
  messages: [{ token_class: "AccessToken", token_type: "access", message: "Token is invalid or expired" }],
};

function assertRefused(answer: Answer, body: object): void {
  assert.equal(answer.status, 401, answer.text);
  assert.deepEqual(answer.json, body);
  assert.equal(answer.header("www-authenticate"), 'Bearer realm="api"');
}

async function assertInvalidEverywhere(server: TestServer, make: (type: "access" | "refresh") => string) {
  assertRefused(await asBearer(server, make("access")), invalidForAny);
  for (const use of [refresh, verify, blacklist]) assertRefused(await use(server, make("refresh")), INVALID);
}

for (const [ALGORITHM, keys] of [
  ["RS256", rsaKeys()],
  ["PS512", rsaKeys()],
  ["ES256", keysFor("ES256")],
  ["EdDSA", ed25519Keys()],
] as const) {
  describe(`a server that signs with ${ALGORITHM}`, async () => {
    const { server, user_id } = await start({ ALGORITHM, SIGNING_KEY: keys.signingKey });

    test("gives pairs out, takes them, rotates them and blacklists them", async () => {
      const pair = await obtain(server, "alice");
      assert.equal((await asBearer(server, pair.access)).status, 200);
      assert.equal((await asBearer(server, pair.access)).status, 200, "remembered");
      const next = pairOf(await refresh(server, pair.refresh));
      assertRefused(await refresh(server, pair.refresh), BLACKLISTED);
      assert.equal((await verify(server, next.access)).status, 200);
      assert.equal((await blacklist(server, next.refresh)).status, 200);
      assertRefused(await refresh(server, next.refresh), BLACKLISTED);
    });

    test("refuses what the public key, the secret key or a stranger's key has signed", async () => {
      const stranger = ALGORITHM === "EdDSA" ? ed25519Keys() : ALGORITHM === "ES256" ? keysFor("ES256") : rsaKeys();
      const makers: ((type: "access" | "refresh") => string)[] = [
        (type) => sign(claims(type, user_id), { key: keys.verifyingKey }),
        (type) => sign(claims(type, user_id), { key: keys.verifyingKey, header: { alg: ALGORITHM, typ: "JWT" } }),
        (type) => sign(claims(type, user_id), { key: SECRET_KEY }),
        (type) => signWith(stranger, ALGORITHM, claims(type, user_id)),
      ];
      for (const make of makers) await assertInvalidEverywhere(server, make);
    });
  });
}

test("a change of the key logs nobody out where the earlier one is named", async () => {
  const [before, now] = [keysFor("ES256"), keysFor("ES256")];
  const { server, user_id } = await start(
    { ALGORITHM: "ES256", SIGNING_KEY: now.signingKey },
    { VERIFYING_KEYS: [before.verifyingKey] },
  );
  assert.equal((await asBearer(server, signWith(before, "ES256", claims("access", user_id)))).status, 200);
  const next = pairOf(await refresh(server, signWith(before, "ES256", claims("refresh", user_id))));
  assert.equal((await asBearer(server, next.access)).status, 200);
  const other = await start({ ALGORITHM: "ES256", SIGNING_KEY: before.signingKey });
  assert.equal((await verify(other.server, next.access)).status, 401, "the successor is signed with the new key");
});

describe("a server that only checks tokens", async () => {
  const keys = keysFor("ES256");
  const { server, user_id } = await start({
    ALGORITHM: "ES256",
    VERIFYING_KEY: keys.verifyingKey,
    AUTH_TOKEN_CLASSES: ["access", "sliding"],
  });

  test("takes, verifies and blacklists those made elsewhere", async () => {
    const [access, token] = (["access", "refresh"] as const).map((type) =>
      signWith(keys, "ES256", claims(type, user_id)),
    );
    assert.ok(access !== undefined && token !== undefined);
    assert.equal((await asBearer(server, access)).status, 200);
    assert.equal((await verify(server, access)).status, 200);
    assert.equal((await blacklist(server, token)).status, 200);
    assertRefused(await blacklist(server, token), BLACKLISTED);
  });

  test("serves nothing that would make one", async () => {
    for (const path of ["/api/token/", "/api/token/refresh/", "/api/token/sliding/", "/api/token/sliding/refresh/"]) {
      const json = { username: "alice", password: PASSWORD, refresh: "x", token: "x" };
      const answer = await request(server, "POST", path, { json });
      assert.equal(answer.status, 404, path);
    }
  });
});

describe("a server with JWK_URL", async () => {
  const key = issuerKey("key-1");
  const issuer = await startIssuer(key.jwk);
  after(() => issuer.close());
  const { server, user_id } = await start({ ALGORITHM: "ES256", JWK_URL: issuer.url });

  test("takes the issuer's tokens on every route", async () => {
    assert.equal((await asBearer(server, key.sign(claims("access", user_id)))).status, 200);
    assert.equal((await verify(server, key.sign(claims("access", user_id)))).status, 200);
    assert.equal((await blacklist(server, key.sign(claims("refresh", user_id)))).status, 200);
    assert.equal(issuer.requests(), 1);
  });

  test("serves a hundred at once, each with a token of its own, while unknown keys flood in", async () => {
    const good = Array.from({ length: 50 }, () => asBearer(server, key.sign(claims("access", user_id))));
    const bad = Array.from({ length: 50 }, (_, index) =>
      asBearer(server, key.sign(claims("access", user_id), { kid: `unknown-${index}` })),
    );
    for (const answer of await Promise.all(good)) assert.equal(answer.status, 200);
    for (const answer of await Promise.all(bad)) assertRefused(answer, invalidForAny);
    assert.ok(issuer.requests() <= 3, `${issuer.requests()} requests`);
  });

  test("with a key of its own gives tokens out, too", async () => {
    const own = keysFor("ES256");
    const both = await start({ ALGORITHM: "ES256", SIGNING_KEY: own.signingKey, JWK_URL: issuer.url });
    const pair = await obtain(both.server, "alice");
    assert.equal((await asBearer(both.server, pair.access)).status, 200);
    assert.equal((await asBearer(both.server, key.sign(claims("access", both.user_id)))).status, 200);
    assert.equal((await refresh(both.server, pair.refresh)).status, 200);
    assert.equal((await refresh(both.server, key.sign(claims("refresh", both.user_id)))).status, 200);
  });

  test("whose issuer is away answers 401 as simplejwt does, and tells why in the log", async () => {
    const gone = await startIssuer();
    await gone.close();
    const JWK_URL = `${gone.url}?key=hunter2`;
    const alone = await start({ ALGORITHM: "ES256", SIGNING_KEY: keysFor("ES256").signingKey, JWK_URL });
    await assertInvalidEverywhere(alone.server, (type) => key.sign(claims(type, alone.user_id)));
    assert.equal(alone.server.logged.length, 1, "once for all of them");
    assert.match(JSON.stringify(alone.server.logged), /the keys of JWK_URL cannot be fetched/);
    assert.match(JSON.stringify(alone.server.logged), /ECONNREFUSED/);
    assert.doesNotMatch(JSON.stringify(alone.server.logged), /hunter2/);
  });
});

test("a private key and its public one are taken together", async () => {
  const keys = rsaKeys();
  const { server } = await start({
    ALGORITHM: "RS256",
    SIGNING_KEY: keys.signingKey,
    VERIFYING_KEY: keys.verifyingKey,
  });
  const { access } = await obtain(server, "alice");
  assert.equal((await verify(server, access)).status, 200);
});
