import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, test } from "node:test";

import { ASYMMETRIC, ecKeys, ed448Keys, ed25519Keys, keysFor, pem, rsaKeys } from "../auth/key-pairs.ts";
import { assertRefusedUnseen, configOf, onlyProblemOf, problemsOf, SECRET } from "./fixtures.ts";

const rsa = rsaKeys();
const es256 = keysFor("ES256");
const jwtOf = (settings: object, environment = {}) => configOf({ SIMPLE_JWT: settings }, environment).jwt;
const problemOf = (settings: object) => onlyProblemOf({ SIMPLE_JWT: settings });

test("an algorithm is one of those of simplejwt, in any case", () => {
  assert.equal(jwtOf({ ALGORITHM: "hs512" }).algorithm, "HS512");
  assert.equal(jwtOf({ ALGORITHM: "eddsa", SIGNING_KEY: ed25519Keys().signingKey }).algorithm, "EdDSA");
  for (const algorithm of ["none", "HS1024", "RS1", "ES521", "Ed25519", "", null, 256]) {
    assert.match(problemOf({ ALGORITHM: algorithm }), /^SIMPLE_JWT\.ALGORITHM .*; write one of HS256, .*, EdDSA$/);
  }
});

describe("HS256, HS384 and HS512 sign with a secret", () => {
  test("at least as long as the hash", () => {
    for (const [algorithm, bytes] of [
      ["HS256", 32],
      ["HS384", 48],
      ["HS512", 64],
    ] as const) {
      const short = { ALGORITHM: algorithm, SIGNING_KEY: "0123456789abcdef".repeat(4).slice(0, bytes - 1) };
      const enough = { ...short, SIGNING_KEY: "0123456789abcdef".repeat(4).slice(0, bytes) };
      assert.deepEqual(problemsOf({ SIMPLE_JWT: enough }), []);
      const problem = problemOf(short);
      assert.ok(problem.startsWith(`SIMPLE_JWT.SIGNING_KEY (earshot.settings.ts) has ${bytes - 1} bytes`), problem);
      assert.ok(!problem.includes(short.SIGNING_KEY));
      assert.match(
        onlyProblemOf({ SECRET_KEY: short.SIGNING_KEY, SIMPLE_JWT: { ALGORITHM: algorithm } }),
        /^SECRET_KEY \(earshot\.settings\.ts\) has/,
      );
    }
    assert.match(problemOf({ SIGNING_KEY: null }), /^SIMPLE_JWT\.SIGNING_KEY .* is null; write a long random text/);
    assert.match(
      onlyProblemOf({ SECRET_KEY: "" }),
      /^SECRET_KEY .* is empty; write a long random text, or leave it out/,
    );
  });
  test("counted in bytes of UTF-8, not in characters", () => {
    assert.deepEqual(problemsOf({ SIMPLE_JWT: { SIGNING_KEY: "äöüßéèêë".repeat(2) } }), []);
  });
  test("and not with a PEM key, whose public half is no secret", () => {
    for (const key of [rsa.signingKey, rsa.verifyingKey, `\n ${es256.verifyingKey}`])
      assertRefusedUnseen(
        { SIGNING_KEY: key },
        /is a PEM key, and HS256 takes a secret; write a long random text, or the ALGORITHM/,
      );
    const fromEnvironment = onlyProblemOf({}, { SECRET_KEY: rsa.verifyingKey });
    assert.match(fromEnvironment, /^SECRET_KEY \(environment\) is a PEM key/);
  });
  test("so that a public key or an address of keys would not be looked at", () => {
    assertRefusedUnseen(
      { VERIFYING_KEY: rsa.verifyingKey },
      /^SIMPLE_JWT\.VERIFYING_KEY .* HS256 verifies with the secret that signs/,
    );
    assertRefusedUnseen(
      { JWK_URL: "https://id.example/keys" },
      /^SIMPLE_JWT\.JWK_URL .* HS256 verifies with the secret that signs/,
    );
    for (const none of ["", null]) assert.equal(jwtOf({ VERIFYING_KEY: none, JWK_URL: null }).verifyingKey, undefined);
  });
});

describe("the others sign with a private key", () => {
  for (const algorithm of ASYMMETRIC) {
    test(`${algorithm} takes its own kind, and finds the public key itself`, () => {
      const { signingKey, verifyingKey } = keysFor(algorithm);
      assert.equal(jwtOf({ ALGORITHM: algorithm, SIGNING_KEY: signingKey }).signingKey, signingKey);
      const both = jwtOf({ ALGORITHM: algorithm, SIGNING_KEY: signingKey, VERIFYING_KEY: verifyingKey });
      assert.equal(both.verifyingKey, verifyingKey);
      assert.equal(jwtOf({ ALGORITHM: algorithm, VERIFYING_KEY: verifyingKey }).signingKey, undefined);
    });
  }

  test("in any PEM form that is not encrypted, its lines ended in either way", () => {
    const key = createPrivateKey(rsa.signingKey);
    const pkcs1 = key.export({ type: "pkcs1", format: "pem" });
    const sec1 = createPrivateKey(es256.signingKey).export({ type: "sec1", format: "pem" });
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    for (const [ALGORITHM, SIGNING_KEY] of [
      ["RS256", pkcs1],
      ["RS256", rsa.signingKey.replaceAll("\n", "\r\n")],
      ["RS256", ` \n${rsa.signingKey}\n\n`],
      ["RS256", rsa.signingKey.replaceAll("\n", "\\n")],
      ["ES256", sec1],
      ["ES256", parameters + sec1],
    ] as const) {
      assert.deepEqual(problemsOf({ SIMPLE_JWT: { ALGORITHM, SIGNING_KEY } }), []);
      assert.deepEqual(problemsOf({}, { SIMPLE_JWT_ALGORITHM: ALGORITHM, SIMPLE_JWT_SIGNING_KEY: SIGNING_KEY }), []);
    }
  });

  test("EdDSA takes Ed25519 and Ed448", () => {
    for (const { signingKey } of [ed25519Keys(), ed448Keys()])
      assert.deepEqual(problemsOf({ SIMPLE_JWT: { ALGORITHM: "EdDSA", SIGNING_KEY: signingKey } }), []);
  });

  test("none at all is refused, for SECRET_KEY is none", () => {
    assert.match(
      problemOf({ ALGORITHM: "RS256" }),
      /^SIMPLE_JWT\.ALGORITHM .* is RS256, which signs with a private key; write it as PEM text in SIMPLE_JWT\.SIGNING_KEY, or /,
    );
    assertRefusedUnseen(
      { ALGORITHM: "ES256", SIGNING_KEY: SECRET },
      /is not in PEM form, and ES256 signs with a private key; write a pri/,
    );
  });

  test("what is no private key is refused by what it is", () => {
    const encrypted = createPrivateKey(rsa.signingKey).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "x",
    });
    const legacy = createPrivateKey(rsa.signingKey).export({
      type: "pkcs1",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "x",
    });
    const broken = rsa.signingKey.replace(/[A-Za-z0-9]{40}/, "");
    for (const [SIGNING_KEY, pattern] of [
      [rsa.verifyingKey, /is no private key; write a private key/],
      ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", /is no private key/],
      [encrypted, /is encrypted with a passphrase/],
      [legacy, /is encrypted with a passphrase/],
      [broken, /is a PEM key that cannot be read/],
      ["-----BEGIN PRIVATE KEY-----", /is a PEM key that cannot be read/],
      [rsa.signingKey.slice(0, 300), /is a PEM key that cannot be read/],
    ] as const) {
      assertRefusedUnseen({ ALGORITHM: "RS256", SIGNING_KEY }, pattern);
    }
  });

  test("one of another kind, size or curve is refused by both", () => {
    const pss = generateKeyPairSync("rsa-pss", {
      modulusLength: 2048,
      hashAlgorithm: "sha256",
      mgf1HashAlgorithm: "sha256",
    });
    for (const [ALGORITHM, SIGNING_KEY, pattern] of [
      [
        "RS256",
        rsaKeys(1024).signingKey,
        /is an RSA key of 1024 bits, and RS256 takes 2048 to 8192 \(RFC 7518, 3\.3\)/,
      ],
      ["PS256", rsaKeys(2040).signingKey, /is an RSA key of 2040 bits/],
      ["PS256", pem(pss.privateKey), /is a key of the type rsa-pss, and PS256 takes an RSA key/],
      ["RS256", es256.signingKey, /is a key on the curve prime256v1, and RS256 takes an RSA key/],
      ["ES256", rsa.signingKey, /is an RSA key, and ES256 takes one on the curve P-256/],
      ["ES256", ecKeys("secp384r1").signingKey, /on the curve secp384r1, and ES256 takes one on the curve P-256/],
      ["ES384", es256.signingKey, /on the curve prime256v1, and ES384 takes one on the curve P-384/],
      ["ES512", ecKeys("secp384r1").signingKey, /ES512 takes one on the curve P-521/],
      ["ES256K", es256.signingKey, /ES256K takes one on the curve secp256k1/],
      ["ES256", ecKeys("secp256k1").signingKey, /on the curve secp256k1, and ES256/],
      ["EdDSA", es256.signingKey, /EdDSA takes one of Ed25519 or Ed448/],
      ["EdDSA", pem(generateKeyPairSync("x25519").privateKey), /of the type x25519, and EdDSA/],
      ["ES256", ed25519Keys().signingKey, /of the type ed25519, and ES256/],
    ] as const) {
      assertRefusedUnseen({ ALGORITHM, SIGNING_KEY }, pattern);
    }
  });
});

describe("a public key", () => {
  test("is one, as PEM", () => {
    for (const [VERIFYING_KEY, pattern] of [
      [rsa.signingKey, /^SIMPLE_JWT\.VERIFYING_KEY .* is a private key; write a public key in PEM form/],
      ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", /is no public key/],
      [SECRET, /is not in PEM form/],
      ["ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB", /is not in PEM form/],
      [rsa.verifyingKey.slice(0, 200), /is a PEM key that cannot be read/],
      [es256.verifyingKey, /is a key on the curve prime256v1, and RS256 takes an RSA key/],
      [rsaKeys(1024).verifyingKey, /is an RSA key of 1024 bits/],
    ] as const) {
      assertRefusedUnseen({ ALGORITHM: "RS256", VERIFYING_KEY }, pattern);
    }
    for (const value of [5, {}, ["x"], true])
      assert.match(problemOf({ ALGORITHM: "RS256", VERIFYING_KEY: value }), /VERIFYING_KEY/);
  });
  test("belongs to the private one", () => {
    assertRefusedUnseen(
      { ALGORITHM: "RS256", SIGNING_KEY: rsa.signingKey, VERIFYING_KEY: rsaKeys().verifyingKey },
      /^SIMPLE_JWT\.VERIFYING_KEY \(earshot\.settings\.ts\) is not the public key of SIMPLE_JWT\.SIGNING_KEY \(earshot\.settings\.ts\)/,
    );
  });
});
