import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import type { Json } from "../contract/json.ts";
import { startServer } from "../support/server.ts";
import { accessToken, asBearer, base64url, PASSWORD, signParts } from "../support/tokens.ts";
import { partsOf, refusalBy, withHeader } from "./refused.ts";

const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });
const assertRefused = refusalBy(server, alice);

describe("nothing in a token chooses the algorithm", () => {
  for (const alg of [
    "none",
    "None",
    "NONE",
    "nOnE",
    "hs256",
    "HS512",
    "HS384",
    "RS256",
    "ES256",
    "",
    " HS256",
    null,
    1,
  ]) {
    test(`alg ${JSON.stringify(alg)}, with the right an empty one and none`, async () => {
      const header = { alg, typ: "JWT" };
      await assertRefused(withHeader(header));
      await assertRefused((token) => `${base64url(JSON.stringify(header))}.${partsOf(token)[1]}.`);
      await assertRefused((token) => `${base64url(JSON.stringify(header))}.${partsOf(token)[1]}`);
    });
  }
  test("no alg at all", () => assertRefused(withHeader({ typ: "JWT" })));
  test("alg that says HS512 truly", () =>
    assertRefused(withHeader({ alg: "HS512", typ: "JWT" }, { algorithm: "HS512" })));
  test("a signature by HS512 under a header that says HS256", () =>
    assertRefused(withHeader({ alg: "HS256", typ: "JWT" }, { algorithm: "HS512" })));
});

describe("nothing in a token chooses the key", () => {
  const keys: Record<string, Json> = {
    kid: "../../../../dev/null",
    "kid with SQL": "x' union select 'k' --",
    jku: "http://127.0.0.1:9/jwks.json",
    x5u: "http://127.0.0.1:9/cert.pem",
    jwk: { kty: "oct", k: base64url("another key") },
    x5c: ["MIIB"],
  };
  for (const [name, value] of Object.entries(keys)) {
    test(name, async () => {
      const header = { alg: "HS256", typ: "JWT", [name.split(" ")[0] ?? ""]: value };
      await assertRefused(withHeader(header, { key: "another key" }));
      await assertRefused(withHeader(header, { key: "" }));
      const { status } = await asBearer(server, withHeader(header)(accessToken(alice)));
      assert.equal(status, 200, "signed with our key it is good, whatever it points at");
    });
  }
  test("a prototype's names as headers", () =>
    assertRefused((token) => signParts(base64url('{"__proto__":{"alg":"HS256"},"typ":"JWT"}'), partsOf(token)[1])));
});

describe("extensions that must be understood are refused", () => {
  const extensions: Record<string, Json>[] = [
    { crit: ["exp"] },
    { crit: ["unknown"], unknown: 1 },
    { crit: [] },
    { crit: null },
    { crit: "b64" },
    { b64: false, crit: ["b64"] },
    { b64: false },
    { b64: true },
    { enc: "A256GCM" },
  ];
  for (const extension of extensions) {
    test(JSON.stringify(extension), () => assertRefused(withHeader({ alg: "HS256", typ: "JWT", ...extension })));
  }
});

test("typ may say anything", async () => {
  for (const typ of ["JWT", "jwt", "at+jwt", "", null, 7, ["JWT"]]) {
    assert.equal((await asBearer(server, withHeader({ alg: "HS256", typ })(accessToken(alice)))).status, 200);
  }
  assert.equal((await asBearer(server, withHeader({ alg: "HS256" })(accessToken(alice)))).status, 200);
  assert.equal((await asBearer(server, withHeader({ typ: "JWT", alg: "HS256" })(accessToken(alice)))).status, 200);
});
