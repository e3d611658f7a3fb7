import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";

import { InvalidToken, type JwtCodec } from "../../../server/src/auth/jwt.ts";
import { claims, signText } from "../support/tokens.ts";
import { codecOf } from "./codec.ts";
import { type Issuer, issuerKey, publicJwk, signWith, startIssuer } from "./issuer.ts";
import { ed25519Keys, keysFor, rsaKeys } from "./key-pairs.ts";

const FRESH = 300;
const RETRY = 10;
const USABLE = 3600;

const [first, second, third] = [issuerKey("first"), issuerKey("second"), issuerKey("third")];
const issuer: Issuer = await startIssuer();
after(() => issuer.close());

let now = 1_800_000_000;
let warnings: object[] = [];
let asked = 0;

/** Claims of a token that outlives each test. */
const lasting = () => claims("access", "7", { iat: now, exp: now + 10 * USABLE });
const log = { error: () => {}, info: () => {}, warn: (details: object) => void warnings.push(details) };
const newCodec = (algorithm: Parameters<typeof codecOf>[0]["algorithm"] = "ES256", signingKey?: string): JwtCodec =>
  codecOf({ algorithm, signingKey, jwkUrl: issuer.url }, { now: () => now, log });

async function take(codec: JwtCodec, token: string) {
  await codec.fetchKey(token);
  return codec.decode(token);
}

const refuses = (codec: JwtCodec, token: string) => assert.rejects(take(codec, token), InvalidToken);
/** How often the issuer was asked since this was asked last. */
function newRequests(): number {
  const since = issuer.requests() - asked;
  asked = issuer.requests();
  return since;
}

beforeEach(() => {
  warnings = [];
  issuer.publish(first.jwk, second.jwk);
  newRequests();
});

test("a token is verified by the key that its kid names, and the set is fetched once for all", async () => {
  const codec = newCodec();
  const tokens = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? first : second).sign(lasting()));
  const read = await Promise.all(tokens.map((token) => take(codec, token)));
  assert.ok(read.every((one) => one.get("user_id") === "7"));
  assert.equal(newRequests(), 1);
  for (const token of tokens) assert.equal(codec.fetchKey(token), undefined, "nothing to wait for");
  await refuses(codec, first.sign(lasting(), { kid: "second" }));
  assert.equal(newRequests(), 0);
});

test("a key that is added is known after a while, and one that is withdrawn ends with what it signed", async () => {
  const codec = newCodec();
  const [old, young] = [first.sign(lasting()), third.sign(lasting())];
  await take(codec, old);
  issuer.publish(second.jwk, third.jwk);
  now += RETRY - 1;
  await refuses(codec, young);
  assert.equal(newRequests(), 1, "the time between two fetches has not passed");
  await take(codec, old);
  now += 1;
  assert.equal((await take(codec, young)).get("user_id"), "7");
  assert.equal(newRequests(), 1);
  await refuses(codec, old);
});

test("a withdrawn key ends within five minutes though nobody brings a new one", async () => {
  const codec = newCodec();
  const token = first.sign(lasting());
  await take(codec, token);
  issuer.publish(second.jwk);
  now += FRESH - 1;
  await take(codec, token);
  assert.equal(newRequests(), 1);
  now += 1;
  await refuses(codec, token);
  assert.equal(newRequests(), 1);
});

test("a flood of unknown keys asks the issuer once in ten seconds", async () => {
  const codec = newCodec();
  const good = first.sign(lasting());
  await take(codec, good);
  newRequests();
  for (let round = 0; round < 3; round++) {
    now += RETRY;
    const flood = Array.from({ length: 300 }, (_, index) =>
      first.sign(lasting(), { kid: `unknown-${round}-${index}` }),
    );
    await Promise.all(flood.map((token) => refuses(codec, token)));
    assert.equal(newRequests(), 1);
    await take(codec, good);
  }
});

test("while the issuer is away its known keys are used for an hour, without a wait", async () => {
  const codec = newCodec();
  const [remembered, later] = [first.sign(lasting()), second.sign(lasting())];
  await take(codec, remembered);
  issuer.answer((_request, response) => void response.writeHead(500).end("no"));
  now += FRESH;
  await take(codec, remembered);
  assert.equal(newRequests(), 2);
  assert.equal(codec.fetchKey(remembered), undefined);
  now += RETRY;
  assert.equal(codec.fetchKey(later), undefined, "it is tried again, and nobody waits for that");
  await take(codec, later);
  now += USABLE - FRESH - RETRY - 1;
  await take(codec, remembered);
  now += 1;
  await refuses(codec, remembered);
  await refuses(codec, later);
  assert.ok(
    warnings.every((one) => JSON.stringify(one) === '{"reason":"status 500"}'),
    JSON.stringify(warnings),
  );
  assert.ok(warnings.length > 0);

  issuer.publish(first.jwk);
  now += RETRY;
  await take(codec, remembered);
});

test("a clock that was set back does not keep keys from being fetched", async () => {
  const codec = newCodec();
  const token = first.sign({ ...lasting(), iat: now - 100_000 });
  await take(codec, token);
  now -= 50_000;
  await take(codec, token);
  assert.equal(newRequests(), 2);
  now += 50_000;
});

test("a kid that can be none, another algorithm or no token at all asks nobody", async () => {
  const codec = newCodec();
  for (const kid of [7, null, "", ["first"], { first: 1 }, "x".repeat(256)]) {
    await refuses(codec, first.sign(lasting(), { kid }));
  }
  for (const header of [{ alg: "RS256" }, { alg: "HS256" }, { alg: "none" }, { crit: [] }, { b64: true }]) {
    await refuses(codec, first.sign(lasting(), header));
  }
  for (const token of ["", "a.b.c", "..", first.sign(lasting()).split(".").slice(0, 2).join("."), "x".repeat(9000)]) {
    await refuses(codec, token);
  }
  assert.equal(newRequests(), 0);
  for (const kid of ["__proto__", "constructor", "toString"]) await refuses(codec, first.sign(lasting(), { kid }));
  assert.equal(newRequests(), 1);
});

test("a published key is no secret to sign with", async () => {
  const codec = newCodec();
  for (const alg of ["HS256", "ES256"]) {
    const header = { alg, typ: "JWT", kid: "first" };
    await refuses(codec, signText(JSON.stringify(lasting()), { header, key: first.verifyingKey }));
  }
});

describe("tokens made here name no key", () => {
  const own = keysFor("ES256");
  test("they are good beside those of the issuer", async () => {
    const codec = newCodec("ES256", own.signingKey);
    const token = codec.encode(lasting());
    assert.equal(codec.fetchKey(token), undefined);
    assert.equal(codec.decode(token).get("user_id"), "7");
    await take(codec, first.sign(lasting()));
    await refuses(codec, signWith(own, "ES256", lasting(), { kid: "first" }));
    await refuses(codec, signWith(own, "ES256", lasting(), { kid: "own" }));
  });
  test("a token of the issuer's that names no key is refused", async () => {
    await refuses(newCodec("ES256", own.signingKey), first.sign(lasting(), { kid: undefined }));
    await refuses(newCodec(), first.sign(lasting(), { kid: undefined }));
    assert.equal(newRequests(), 0);
  });
});

describe("of a set only fitting keys are used", () => {
  const rsa = rsaKeys();
  const good = { ...publicJwk(rsa), kid: "good" };
  const takesOnly = async (odd: unknown, kid = "odd") => {
    issuer.publish(odd, good);
    const codec = newCodec("RS256");
    await refuses(codec, signWith(rsa, "RS256", lasting(), { kid }));
    await take(codec, signWith(rsa, "RS256", lasting(), { kid: "good" }));
  };
  const odd: Record<string, unknown> = {
    "for encryption": { use: "enc" },
    "of an odd use": { use: ["sig"] },
    "for signing, not verifying": { key_ops: ["sign"] },
    "with odd operations": { key_ops: "verify" },
    "for another algorithm": { alg: "RS512" },
    "for PSS": { alg: "PS256" },
    "of an odd algorithm": { alg: null },
    "of no type": { kty: undefined },
    "of an odd type": { kty: ["RSA"] },
    "of a prototype's type": { kty: "constructor" },
    "a secret": { kty: "oct", k: "AAAA", n: undefined, e: undefined },
    "without a modulus": { n: undefined },
    "with an odd modulus": { n: 65537 },
    "with an empty modulus": { n: "" },
    "with a modulus that is no base64": { n: "?!" },
    "of 1024 bits": { ...publicJwk(rsaKeys(1024)) },
    "of a megabit": { n: "A".repeat(100_000) },
    "of another curve": { ...publicJwk(keysFor("ES384")), n: undefined, e: undefined },
    "of Ed25519": { ...publicJwk(ed25519Keys()), n: undefined, e: undefined },
  };
  for (const [name, members] of Object.entries(odd)) {
    test(name, () => takesOnly({ ...good, kid: "odd", ...(members as object) }));
  }
  test("those of no name", () => takesOnly({ ...good, kid: undefined }));
  test("those of an odd name", async () => {
    for (const kid of [5, null, "", ["odd"], {}, "x".repeat(256)]) await takesOnly({ ...good, kid });
  });
  test("no objects at all", async () => {
    for (const key of [null, 5, "key", [], [good], true]) await takesOnly(key);
  });
  test("the first of two with one name", async () => {
    issuer.publish(good, { ...publicJwk(rsaKeys()), kid: "good" });
    await take(newCodec("RS256"), signWith(rsa, "RS256", lasting(), { kid: "good" }));
  });
  test("a point that is not on its curve", async () => {
    const { jwk } = first;
    issuer.publish({ ...jwk, y: jwk["x"] }, second.jwk);
    const codec = newCodec();
    await refuses(codec, first.sign(lasting()));
    await take(codec, second.sign(lasting()));
  });
  test("one whose private part was published by mistake verifies, as without it", async () => {
    issuer.publish({ ...first.jwk, d: "AAAA" });
    await take(newCodec(), first.sign(lasting()));
  });
  test("none that fits is told in the log", async () => {
    issuer.publish(good);
    await refuses(newCodec(), first.sign(lasting()));
    assert.deepEqual(warnings, [{ algorithm: "ES256" }]);
  });
});
