import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import type { Json } from "../contract/json.ts";
import { detailOf } from "../support/http.ts";
import { startServer, type TestServerOptions } from "../support/server.ts";
import { asBearer, claims, foreignRefreshToken, PASSWORD, refresh, sign, verify } from "../support/tokens.ts";

/** The server's time, held still. */
const NOW = 1_800_000_000;

async function start(SIMPLE_JWT: NonNullable<TestServerOptions["settings"]>["SIMPLE_JWT"]) {
  const server = await startServer({ now: () => NOW * 1000, settings: { SIMPLE_JWT } });
  after(() => server.close());
  const { user_id } = await server.createUser({ username: "alice", password: PASSWORD });
  const use = async (times: Record<string, Json | undefined>) => {
    const over = { exp: NOW + 100, iat: NOW, ...times };
    const guarded = await asBearer(server, sign(claims("access", user_id, over)));
    const refreshed = await refresh(server, sign(claims("refresh", user_id, over)));
    const verified = await verify(server, sign(claims("access", user_id, over)));
    assert.equal(guarded.status, refreshed.status);
    assert.equal(guarded.status, verified.status);
    if (guarded.status !== 200) assert.equal(detailOf(verified), "Token is invalid or expired");
    return guarded.status;
  };
  return { server, user_id, use };
}

describe("without leeway", async () => {
  const { use } = await start({});
  test("a token ends at its exp, to the second", async () => {
    assert.equal(await use({ exp: NOW + 1 }), 200);
    assert.equal(await use({ exp: NOW }), 401);
    assert.equal(await use({ exp: NOW - 1 }), 401);
  });
  test("a token from the future is none", async () => {
    assert.equal(await use({ iat: NOW + 1 }), 401);
    assert.equal(await use({ nbf: NOW + 1 }), 401);
    assert.equal(await use({ nbf: NOW, iat: NOW }), 200);
  });
  test("fractions of a second count", async () => {
    assert.equal(await use({ exp: NOW + 0.5 }), 200);
    assert.equal(await use({ exp: NOW - 0.5 }), 401);
    assert.equal(await use({ nbf: NOW + 0.5 }), 401);
  });
  test("an audience and an issuer that nobody asks for are not looked at", async () => {
    assert.equal(await use({ aud: "somebody", iss: "somebody" }), 200);
    assert.equal(await use({ aud: 7, iss: ["somebody"] }), 200);
  });
});

describe("with a leeway of 30 seconds", async () => {
  const { use } = await start({ LEEWAY: 30 });
  test("exp, nbf and iat are tolerated by so much and no more", async () => {
    assert.equal(await use({ exp: NOW - 29 }), 200);
    assert.equal(await use({ exp: NOW - 30 }), 401);
    for (const name of ["nbf", "iat"]) {
      assert.equal(await use({ [name]: NOW + 30 }), 200);
      assert.equal(await use({ [name]: NOW + 31 }), 401);
    }
  });
});

describe("with an audience and an issuer", async () => {
  const { server, user_id, use } = await start({ AUDIENCE: ["here", "there"], ISSUER: "us" });
  test("both must be there and be ours", async () => {
    assert.equal(await use({ aud: "here", iss: "us" }), 200);
    assert.equal(await use({ aud: ["elsewhere", "there"], iss: "us" }), 200);
    for (const aud of [
      undefined,
      null,
      "elsewhere",
      [],
      ["elsewhere"],
      7,
      { here: true },
      ["here", 7],
      "her",
      "HERE",
    ]) {
      assert.equal(await use({ aud, iss: "us" }), 401, JSON.stringify(aud));
    }
    for (const iss of [undefined, null, "them", ["us"], "", "us ", { us: 1 }]) {
      assert.equal(await use({ aud: "here", iss }), 401, JSON.stringify(iss));
    }
  });
  test("our own tokens carry them, through a refresh", async () => {
    const answer = await refresh(
      server,
      sign(claims("refresh", user_id, { iat: NOW, exp: NOW + 100, aud: ["here"], iss: "us" })),
    );
    assert.equal((await asBearer(server, JSON.parse(answer.text).access)).status, 200);
    assert.equal((await refresh(server, foreignRefreshToken(user_id, NOW * 1000))).status, 401, "without aud");
  });
});
