import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { detailOf } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import {
  asBearer,
  base64url,
  blacklist,
  claims,
  PASSWORD,
  refresh,
  sign,
  signParts,
  signText,
  verify,
} from "../support/tokens.ts";
import { partsOf, refusalBy } from "./refused.ts";

const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });
const assertRefused = refusalBy(server, alice);

describe("a payload that is no object of sensible size and depth is refused", () => {
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  const inside = (type: "access" | "refresh", json: string) =>
    `${JSON.stringify(claims(type, alice)).slice(0, -1)},"more":${json}}`;
  for (const payload of ["null", "[]", "7", '"text"', "true", "", "{", "\ufeff{}", '{"a":NaN}', "[[[[[["]) {
    test(JSON.stringify(payload), () => assertRefused(() => signText(payload)));
  }
  test("a byte order mark before the claims", () =>
    assertRefused((token) => signText(`\ufeff${Buffer.from(partsOf(token)[1], "base64url").toString()}`)));
  test("bytes that are no UTF-8", () =>
    assertRefused(() => {
      const bytes = Buffer.from('{"user_id":"\xff\xfe"}', "latin1").toString("base64url");
      return signParts(base64url('{"alg":"HS256","typ":"JWT"}'), bytes);
    }));
  test("deep", async () => {
    for (const json of [deep("[", "]", 1000), deep('{"a":', "}", 500).replace("}", "1}"), "[".repeat(2000)]) {
      await assertRefused(() => signText(inside("access", json)));
      await assertRefused(() => signText(inside("refresh", json)));
    }
  });
  test("deep behind a text of closing brackets", async () => {
    const json = `["${"]".repeat(1000)}",${deep("[", "]", 1000)}]`;
    await assertRefused(() => signText(inside("refresh", json)));
    assert.equal((await asBearer(server, signText(inside("access", json)))).status, 401);
  });
  test("a megabyte, as the whole token and in the body", async () => {
    const huge = sign(claims("refresh", alice, { more: "x".repeat(1024 * 1024) }));
    for (const use of [refresh, blacklist, verify]) {
      const { status } = await use(server, huge);
      assert.ok(status === 413 || status === 401, `${status}`);
    }
    const large = sign(claims("refresh", alice, { more: "x".repeat(60_000) }));
    for (const use of [refresh, blacklist, verify]) assert.equal((await use(server, large)).status, 401);
    assert.equal((await asBearer(server, large.slice(0, 12_000))).status, 401);
  });
});

describe("of a claim that stands twice the last counts, everywhere", () => {
  const twice = (type: "access" | "refresh", first: string) =>
    signText(`{${first},${JSON.stringify(claims(type, alice)).slice(1)}`);
  const reversed = (type: "access" | "refresh", last: string) =>
    signText(`${JSON.stringify(claims(type, alice)).slice(0, -1)},${last}}`);
  test("what stands first does not count", async () => {
    for (const first of ['"exp":1', '"user_id":"nobody"', '"token_type":"sliding"', '"jti":null']) {
      assert.equal((await asBearer(server, twice("access", first))).status, 200);
      assert.equal((await refresh(server, twice("refresh", first))).status, 200);
    }
  });
  test("what stands last counts", async () => {
    for (const last of ['"exp":1', '"user_id":"nobody"', '"token_type":"sliding"', '"jti":null']) {
      assert.equal((await asBearer(server, reversed("access", last))).status, 401);
      assert.equal((await refresh(server, reversed("refresh", last))).status, 401);
    }
  });
  test("a prototype's names are claims like any other, and go on to the successor", async () => {
    const token = reversed("refresh", '"__proto__":{"user_id":"nobody"},"constructor":1,"toString":null');
    const answer = await refresh(server, token);
    assert.equal(answer.status, 200);
    const [, payload] = partsOf(JSON.parse(answer.text).refresh);
    assert.match(Buffer.from(payload, "base64url").toString(), /"__proto__":\{"user_id":"nobody"\}/);
  });
  test("an inherited user_id is none", async () => {
    const token = signText(
      JSON.stringify(claims("access", alice, { user_id: undefined })).replace(
        /}$/,
        `,"__proto__":{"user_id":"${alice}"}}`,
      ),
    );
    assert.equal(detailOf(await asBearer(server, token)), "Token contained no recognizable user identification");
  });
});
