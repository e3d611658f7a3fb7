import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { asBearer, blacklist, BLACKLISTED, PASSWORD, sign, verify } from "../support/tokens.ts";
import {
  assertRefused,
  contentOf,
  LIFETIME,
  MINUTE,
  notAnyType,
  obtainSliding,
  pass,
  REFRESH_LIFETIME,
  seconds,
  slide,
  slidingToken,
  startSliding,
  tokenOf,
} from "./sliding.ts";

const server = await startSliding();
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

describe("a blacklisted sliding token", () => {
  const wrongType = "Token has wrong type";
  for (const [name, make] of [
    ["that was given out here", () => obtainSliding(server)],
    ["that was never given out here", async () => slidingToken(alice)],
  ] as const) {
    test(`${name} proves nothing any more, nor does any successor of it`, async () => {
      const token = await make();
      pass(1);
      const successor = tokenOf(await slide(server, token));
      assert.equal((await blacklist(server, token)).status, 200);
      for (const one of [token, successor]) {
        assertRefused(await asBearer(server, one), notAnyType(wrongType, "Token is blacklisted"));
        assertRefused(await slide(server, one), BLACKLISTED);
        assertRefused(await blacklist(server, one), BLACKLISTED);
        const verified = await verify(server, one);
        assert.equal(verified.status, 400);
        assert.deepEqual(verified.json, { non_field_errors: ["Token is blacklisted"] });
      }
      assert.deepEqual(server.logged, [], "nobody stole it");
    });
  }

  test("leaves the user's other tokens alone", async () => {
    const [mine, other] = [await obtainSliding(server), await obtainSliding(server)];
    await blacklist(server, mine);
    assert.equal((await asBearer(server, other)).status, 200);
  });

  test("stays so until the last token of its id has ended", async () => {
    const token = await obtainSliding(server);
    let last = token;
    for (let passed = 0; passed < REFRESH_LIFETIME - 4 * MINUTE; passed += 4 * MINUTE) {
      pass(4 * MINUTE);
      last = tokenOf(await slide(server, last));
    }
    await blacklist(server, last);
    const { jti, exp } = contentOf(last);
    const [row] = await server.database.rows("select expires_at from refresh_tokens where jti = $1", jti);
    assert.ok(Date.parse(String(row?.["expires_at"])) >= exp * 1000);
  });

  test("stays so where other settings have given it more time since", async () => {
    const content = contentOf(await obtainSliding(server));
    const refresh_exp = seconds() + 2 * REFRESH_LIFETIME;
    assert.equal((await blacklist(server, sign({ ...content, refresh_exp }))).status, 200);
    const [row] = await server.database.rows("select expires_at from refresh_tokens where jti = $1", content.jti);
    assert.equal(Date.parse(String(row?.["expires_at"])) / 1000, refresh_exp + LIFETIME);
  });
});
