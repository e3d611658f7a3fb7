import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import type { Json } from "../contract/json.ts";
import { detailOf } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import {
  accessToken,
  asBearer,
  blacklist,
  claims,
  INVALID,
  NO_ACCOUNT,
  PASSWORD,
  refresh,
  sign,
  signText,
  verify,
} from "../support/tokens.ts";

const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

// A user with a whole number for an id, as an imported one has.
await server.createUser({ username: "imported" });
await server.database.rows("update users set user_id = '1' where username = 'imported'");

/** A payload in which one claim stands as this JSON text. */
const withText = (type: "access" | "refresh", name: string, json: string) =>
  signText(JSON.stringify(claims(type, alice, { [name]: "HERE" })).replace('"HERE"', json));

async function assertInvalidEverywhere(make: (type: "access" | "refresh") => string): Promise<void> {
  const guarded = await asBearer(server, make("access"));
  assert.equal(guarded.status, 401);
  assert.equal(detailOf(guarded), "Given token not valid for any token type");
  assert.equal(guarded.header("www-authenticate"), 'Bearer realm="api"');
  for (const use of [refresh, blacklist, verify]) {
    const answer = await use(server, make("refresh"));
    assert.equal(answer.status, 401, answer.text);
    assert.deepEqual(answer.json, INVALID);
  }
}

describe("times that are none are refused, on every route", () => {
  const odd = [
    "null",
    "[]",
    "{}",
    '"9999999999"',
    "true",
    "1e20",
    "1e400",
    "-1",
    "1e308",
    "[9999999999]",
    '"NaN"',
    "-0",
  ];
  for (const json of odd) {
    test(`exp ${json}`, () => assertInvalidEverywhere((type) => withText(type, "exp", json)));
  }
  for (const json of ["null", "[]", '"1"', "true", "1e20", "1e400", "-1"]) {
    test(`nbf ${json}`, () => assertInvalidEverywhere((type) => withText(type, "nbf", json)));
    test(`iat ${json}`, () => assertInvalidEverywhere((type) => withText(type, "iat", json)));
  }
});

describe("a user_id that is not exactly a user's id is nobody's", () => {
  const number: Json[] = [
    true,
    1.5,
    " 1 ",
    "1 ",
    "+1",
    "١",
    "01",
    "1.0",
    "0x1",
    "1e0",
    "１",
    -1,
    [1],
    ["1"],
    { id: 1 },
    {},
  ];
  const uuid: Json[] = [
    `{${alice}}`,
    `urn:uuid:${alice}`,
    alice.toUpperCase(),
    alice.replaceAll("-", ""),
    ` ${alice}`,
    `${alice}\0`,
    `${alice}%`,
    [alice],
    { user_id: alice },
    "",
    null,
    false,
    0,
    1e300,
    "' or 1=1 --",
    "__proto__",
    "x".repeat(300),
  ];
  for (const user_id of [...number, ...uuid]) {
    test(JSON.stringify(user_id).slice(0, 60), async () => {
      const guarded = await asBearer(server, sign(claims("access", user_id)));
      assert.equal(guarded.status, 401, guarded.text);
      const refreshed = await refresh(server, sign(claims("refresh", user_id)));
      assert.equal(refreshed.status, 401, refreshed.text);
      assert.deepEqual(refreshed.json, NO_ACCOUNT);
    });
  }
  test("a token that names nobody can be blacklisted all the same", async () => {
    for (const user_id of ["\0", `${alice}\0`, "\ud800", {}, [alice], null, 1e300, "x".repeat(300)]) {
      const token = sign(claims("refresh", user_id));
      assert.equal((await blacklist(server, token)).status, 200, JSON.stringify(user_id));
      assert.equal(detailOf(await blacklist(server, token)), "Token is blacklisted");
    }
  });
  test("a text and a number are taken alike where they are the id", async () => {
    for (const user_id of [1, "1"]) {
      assert.equal((await asBearer(server, sign(claims("access", user_id)))).status, 200);
      assert.equal((await refresh(server, sign(claims("refresh", user_id)))).status, 200);
    }
    assert.equal((await asBearer(server, accessToken(alice))).status, 200);
  });
});

describe("a token without an id of its own is refused", () => {
  test("missing or null: it has no id", async () => {
    for (const jti of [undefined, null]) {
      const guarded = await asBearer(server, sign(claims("access", alice, { jti })));
      assert.equal(guarded.status, 401);
      for (const use of [refresh, blacklist, verify]) {
        const answer = await use(server, sign(claims("refresh", alice, { jti })));
        assert.equal(answer.status, 401);
        assert.deepEqual(answer.json, { detail: "Token has no id", code: "token_not_valid" });
      }
    }
  });
  for (const jti of [7, 0, true, "", [], {}, ["a"], "a b", "a\0b", "é", "a".repeat(256), "a".repeat(300)]) {
    test(JSON.stringify(jti).slice(0, 40), () => assertInvalidEverywhere((type) => sign(claims(type, alice, { jti }))));
  }
  test("255 printable characters are an id, taken once", async () => {
    const token = sign(claims("refresh", alice, { jti: `'"%_${"j".repeat(251)}` }));
    assert.equal((await refresh(server, token)).status, 200);
    assert.equal(detailOf(await refresh(server, token)), "Token is blacklisted");
  });
});

describe("a token of one type is none of another", () => {
  const types: [Json | undefined, string][] = [
    [undefined, "Token has no type"],
    [null, "Token has wrong type"],
    ["sliding", "Token has wrong type"],
    ["Refresh", "Token has wrong type"],
    ["REFRESH", "Token has wrong type"],
    [["refresh"], "Token has wrong type"],
    [{ refresh: true }, "Token has wrong type"],
    [true, "Token has wrong type"],
    ["access", "Token has wrong type"],
  ];
  for (const [token_type, detail] of types) {
    test(`token_type ${JSON.stringify(token_type)} is no refresh token`, async () => {
      for (const use of [refresh, blacklist]) {
        const answer = await use(server, sign(claims("refresh", alice, { token_type })));
        assert.equal(answer.status, 401);
        assert.deepEqual(answer.json, { detail, code: "token_not_valid" });
      }
    });
  }
  for (const token_type of [undefined, null, "refresh", "Access", ["access"], "sliding"]) {
    test(`token_type ${JSON.stringify(token_type)} is no access token`, async () => {
      const guarded = await asBearer(server, sign(claims("access", alice, { token_type })));
      assert.equal(guarded.status, 401);
      assert.equal(detailOf(guarded), "Given token not valid for any token type");
    });
  }
});
