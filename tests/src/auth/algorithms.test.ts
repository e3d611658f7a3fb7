import assert from "node:assert/strict";
import { createHmac, createPrivateKey, createPublicKey, createSecretKey, sign as signBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { InvalidToken } from "../../../server/src/auth/jwt.ts";
import { createSigner, createVerifier } from "../../../server/src/auth/signatures.ts";
import { ALGORITHMS } from "../../../server/src/settings/words.ts";
import { listMember, parseJson, textMember } from "../contract/json.ts";
import { SECRET_KEY } from "../support/server.ts";
import { base64url, claims, signText } from "../support/tokens.ts";
import { codecOf } from "./codec.ts";
import { ASYMMETRIC, ed448Keys, keysFor, rsaKeys } from "./key-pairs.ts";
import { RFC_VECTORS } from "./rfc-vectors.ts";

const CLAIMS = claims("access", "7");
const partsOf = (token: string) => token.split(".");

describe("the examples of the standards", () => {
  for (const { where, algorithm, jwk, jws, isDeterministic } of RFC_VECTORS) {
    const [header, payload, signature = ""] = partsOf(jws);
    const signed = `${header}.${payload}`;
    const bytes = Buffer.from(signature, "base64url");
    const isSecret = jwk["kty"] === "oct";
    const secret = createSecretKey(Buffer.from(jwk["k"] ?? "", "base64url"));
    const verifier = createVerifier(algorithm, isSecret ? secret : createPublicKey({ key: { ...jwk }, format: "jwk" }));

    test(`${where}: ${algorithm} verifies, and nothing near it does`, () => {
      assert.equal(verifier.signatureBytes, bytes.length);
      assert.ok(verifier.verifies(signed, bytes));
      assert.ok(!verifier.verifies(`${signed}A`, bytes));
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        assert.ok(!verifier.verifies(signed, changed), `byte ${at}`);
      }
    });

    if (jwk["d"] === undefined && !isSecret) continue;
    test(`${where}: ${algorithm} signs it ${isDeterministic ? "to the byte" : "anew"}`, () => {
      const key = isSecret ? secret : createPrivateKey({ key: { ...jwk }, format: "jwk" });
      const made = createSigner(algorithm, key)(signed);
      assert.ok(verifier.verifies(signed, made));
      assert.equal(made.equals(bytes), isDeterministic);
    });
  }
});

describe("tokens that PyJWT made", () => {
  const file = parseJson(readFileSync(new URL("./pyjwt-vectors.json", import.meta.url), "utf8"));
  const vectors = listMember(file, "vectors");
  test("there is one for each algorithm", () => {
    const made = new Set(vectors.map((vector) => textMember(vector, "algorithm")));
    assert.deepEqual([...made], [...ALGORITHMS]);
  });
  for (const vector of vectors) {
    const [name, algorithm, key, token] = ["name", "algorithm", "key", "token"].map((one) => textMember(vector, one));
    test(`${name} is taken, and by no other algorithm`, () => {
      assert.ok(key !== undefined && token !== undefined);
      const mine = ALGORITHMS.find((one) => one === algorithm);
      assert.ok(mine !== undefined);
      const isSecret = mine.startsWith("HS");
      const keys = isSecret
        ? { algorithm: mine, signingKey: key }
        : { algorithm: mine, signingKey: undefined, verifyingKey: key };
      const read = codecOf(keys).decode(token);
      assert.equal(read.get("user_id"), "7");
      assert.equal(read.get("alg_used"), algorithm);
      for (const other of ["HS256", "HS512"] as const) {
        if (other !== mine)
          assert.throws(() => codecOf({ algorithm: other, signingKey: key }).decode(token), InvalidToken);
      }
    });
  }
});

describe("each algorithm signs and verifies", () => {
  for (const algorithm of ASYMMETRIC) {
    const { signingKey, verifyingKey } = keysFor(algorithm);
    const own = codecOf({ algorithm, signingKey });

    test(`${algorithm}: with the private key alone, and with the public one where only that is known`, () => {
      const token = own.encode(CLAIMS);
      assert.deepEqual(JSON.parse(Buffer.from(partsOf(token)[0] ?? "", "base64url").toString()), {
        alg: algorithm,
        typ: "JWT",
      });
      assert.equal(own.decode(token).get("jti"), CLAIMS["jti"]);
      const checking = codecOf({ algorithm, signingKey: undefined, verifyingKey });
      assert.equal(checking.decode(token).get("jti"), CLAIMS["jti"]);
      assert.throws(() => checking.encode(CLAIMS), /no key to sign with/);
    });

    test(`${algorithm}: another key's token, and a changed one, is refused`, () => {
      const token = own.encode(CLAIMS);
      const other = codecOf({ algorithm, signingKey: keysFor(algorithm).signingKey });
      assert.throws(() => own.decode(other.encode(CLAIMS)), InvalidToken);
      const [header = "", , signature = ""] = partsOf(token);
      const forged = base64url(JSON.stringify({ ...CLAIMS, user_id: "8" }));
      const shorter = Buffer.from(signature, "base64url").subarray(1).toString("base64url");
      for (const bad of [
        `${header}.${forged}.${signature}`,
        `${token}A`,
        token.slice(0, -4),
        `${header}.${partsOf(token)[1]}.`,
        `${header}.${partsOf(token)[1]}.${shorter}`,
        `${header}.${partsOf(token)[1]}.${Buffer.alloc(Buffer.from(signature, "base64url").length).toString("base64url")}`,
      ]) {
        assert.throws(() => own.decode(bad), InvalidToken, bad);
      }
    });

    test(`${algorithm}: the public key is no secret to sign with, whatever the header says`, () => {
      for (const secret of [verifyingKey, verifyingKey.trim(), verifyingKey.replaceAll("\n", "")]) {
        for (const alg of ["HS256", "HS512", algorithm, "none"]) {
          const header = { alg, typ: "JWT" };
          const confused = signText(JSON.stringify(CLAIMS), { header, key: secret });
          assert.throws(() => own.decode(confused), InvalidToken, alg);
        }
      }
    });

    test(`${algorithm}: no header brings a key or another algorithm`, () => {
      const [, payload] = partsOf(own.encode(CLAIMS));
      const attacker = keysFor(algorithm);
      const jwk = createPublicKey(attacker.verifyingKey).export({ format: "jwk" });
      for (const header of [
        { alg: algorithm, jwk },
        { alg: algorithm, jku: "http://127.0.0.1:9/keys" },
        { alg: algorithm, x5u: "http://127.0.0.1:9/key.pem" },
        { alg: algorithm, x5c: [attacker.verifyingKey] },
        { alg: algorithm, kid: attacker.verifyingKey },
      ]) {
        const head = base64url(JSON.stringify(header));
        const signature = createSigner(algorithm, createPrivateKey(attacker.signingKey))(`${head}.${payload}`);
        const token = `${head}.${payload}.${signature.toString("base64url")}`;
        assert.equal(own.fetchKey(token), undefined);
        assert.throws(() => own.decode(token), InvalidToken);
      }
      for (const other of ASYMMETRIC.filter((one) => one !== algorithm)) {
        const head = base64url(JSON.stringify({ alg: other }));
        const signature = createSigner(algorithm, createPrivateKey(signingKey))(`${head}.${payload}`);
        assert.throws(() => own.decode(`${head}.${payload}.${signature.toString("base64url")}`), InvalidToken, other);
      }
    });
  }

  test("EdDSA takes an Ed448 key, too", () => {
    const codec = codecOf({ algorithm: "EdDSA", signingKey: ed448Keys().signingKey });
    assert.equal(codec.decode(codec.encode(CLAIMS)).get("user_id"), "7");
  });
});

test("ECDSA signatures are the two numbers of JOSE, not the DER of OpenSSL", () => {
  const { signingKey } = keysFor("ES256");
  const codec = codecOf({ algorithm: "ES256", signingKey });
  const [header, payload, signature = ""] = partsOf(codec.encode(CLAIMS));
  assert.equal(Buffer.from(signature, "base64url").length, 64);
  const der = signBytes("sha256", Buffer.from(`${header}.${payload}`), createPrivateKey(signingKey));
  assert.throws(() => codec.decode(`${header}.${payload}.${der.toString("base64url")}`), InvalidToken);
});

test("RSA signatures of one padding are none of the other", () => {
  const { signingKey } = rsaKeys();
  const [rs, ps] = [codecOf({ algorithm: "RS256", signingKey }), codecOf({ algorithm: "PS256", signingKey })];
  const [, payload, signature] = partsOf(rs.encode(CLAIMS));
  const renamed = `${base64url('{"alg":"PS256","typ":"JWT"}')}.${payload}.${signature}`;
  assert.throws(() => ps.decode(renamed), InvalidToken);
  assert.throws(() => ps.decode(rs.encode(CLAIMS)), InvalidToken);
  assert.throws(() => rs.decode(ps.encode(CLAIMS)), InvalidToken);
});

describe("earlier keys", () => {
  const CASES = [
    ["HS256", "an earlier secret of thirty-two bytes and more", "the one before it, which is also long enough"],
    ["ES256", ...[keysFor("ES256"), keysFor("ES256")].map(({ signingKey }) => signingKey)],
    ["RS256", ...[rsaKeys(3072), rsaKeys()].map(({ signingKey }) => signingKey)],
  ] as const;
  for (const [algorithm, ...keys] of CASES) {
    test(`${algorithm}: their tokens are good, and nothing is signed with them any more`, () => {
      const current = algorithm === "HS256" ? SECRET_KEY : keysFor(algorithm).signingKey;
      const verifying = keys.map((key) =>
        algorithm === "HS256" ? key : createPublicKey(key).export({ type: "spki", format: "pem" }),
      );
      const codec = codecOf({ algorithm, signingKey: current, earlierVerifyingKeys: verifying });
      for (const signingKey of [current, ...keys]) {
        assert.equal(codec.decode(codecOf({ algorithm, signingKey }).encode(CLAIMS)).get("user_id"), "7");
      }
      const fresh = codec.encode(CLAIMS);
      assert.equal(codecOf({ algorithm, signingKey: current }).decode(fresh).get("user_id"), "7");
      for (const signingKey of keys)
        assert.throws(() => codecOf({ algorithm, signingKey }).decode(fresh), InvalidToken);
      const stranger =
        algorithm === "HS256" ? "a secret of nobody's, of thirty-two bytes" : keysFor(algorithm).signingKey;
      const foreign = codecOf({ algorithm, signingKey: stranger }).encode(CLAIMS);
      assert.throws(() => codec.decode(foreign), InvalidToken);
    });
  }
});

test("HMAC tags of another hash are refused", () => {
  for (const [algorithm, hash] of [
    ["HS256", "sha512"],
    ["HS512", "sha256"],
  ] as const) {
    const codec = codecOf({ algorithm, signingKey: SECRET_KEY });
    const [header, payload] = partsOf(codec.encode(CLAIMS));
    const tag = createHmac(hash, SECRET_KEY).update(`${header}.${payload}`).digest("base64url");
    assert.throws(() => codec.decode(`${header}.${payload}.${tag}`), InvalidToken);
  }
});
