import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { readStoredHash } from "../../../server/src/passwords/hashers/read-stored-hash.ts";
import { CHEAP, DJANGO_DEFAULTS, EIGHTY_CHARACTERS, EMPTY, PASSWORD } from "./vectors.ts";

/** Undefined where the encoding cannot be read, so that a refusal is told from a wrong password. */
async function matches(password: string, encoded: string): Promise<boolean | undefined> {
  return readStoredHash(encoded)?.verify(Buffer.from(password));
}

describe("a password hashed by Django", () => {
  for (const [name, encoded] of Object.entries({ ...DJANGO_DEFAULTS, ...CHEAP })) {
    it(`is recognised, and no other: ${name}, ${encoded.split("$").slice(0, 5).join("$")}`, async () => {
      assert.equal(await matches(PASSWORD, encoded), true);
      assert.equal(await matches(`${PASSWORD} `, encoded), false);
    });
  }

  it("is compared as it was typed, without Unicode normalisation", async () => {
    assert.equal(PASSWORD.normalize("NFD").normalize("NFC"), PASSWORD);
    for (const encoded of Object.values(CHEAP)) {
      assert.equal(await matches(PASSWORD.normalize("NFD"), encoded), false);
    }
  });

  it("may be empty", async () => {
    assert.equal(await matches("", EMPTY), true);
    assert.equal(await matches(" ", EMPTY), false);
  });

  it("is cut at 72 bytes by bcrypt, and not by bcrypt_sha256", async () => {
    assert.equal(await matches("x".repeat(80), EIGHTY_CHARACTERS.bcrypt), true);
    assert.equal(await matches("x".repeat(72), EIGHTY_CHARACTERS.bcrypt), true);
    assert.equal(await matches("x".repeat(71), EIGHTY_CHARACTERS.bcrypt), false);
    assert.equal(await matches("x".repeat(80), EIGHTY_CHARACTERS.bcrypt_sha256), true);
    assert.equal(await matches("x".repeat(72), EIGHTY_CHARACTERS.bcrypt_sha256), false);
  });

  it("is recognised with the highest parameters in common use", async () => {
    const owaspScrypt =
      "scrypt$131072$seasalt$8$1$7oknCcCwoXl2tZAwryGHZGyiDVabvzlhUlqem2md+sWmaGHBaBSOeBY2bCbDYtTr5UJX+N8c2eMohvXqbdJkNw==";
    assert.equal(await matches(PASSWORD, owaspScrypt), true);
  });
});

describe("an encoding that is none", () => {
  const tag = "A".repeat(43);
  const argon2 = "argon2$argon2id$v=19$";
  const salt = "c29tZXNhbHRzb21lc2FsdA";
  const bcryptSalt = ".".repeat(22);
  const checksum = ".".repeat(31);
  const sha256 = `${"A".repeat(43)}=`;
  const scryptHash = `${"A".repeat(86)}==`;

  const refused: Record<string, string[]> = {
    "empty, unusable or without an algorithm we know": [
      "",
      "!",
      `!${"x".repeat(40)}`,
      "$",
      "password",
      "__proto__$x",
      "constructor$x$y",
      "md5$salt$0d107d09f5bbe40cade3de5c71e9e9b7",
      "sha1$salt$cff36ea83f5706ce9aa7454e63e431fc726b2dc8",
    ],
    "pbkdf2 without work, without salt, or with more work than a login may cost": [
      `pbkdf2_sha256$0$salt$${sha256}`,
      `pbkdf2_sha256$-1$salt$${sha256}`,
      `pbkdf2_sha256$1e3$salt$${sha256}`,
      `pbkdf2_sha256$1000$$${sha256}`,
      `pbkdf2_sha256$10000001$salt$${sha256}`,
      `pbkdf2_sha1$999999999999$salt$${sha256}`,
      `pbkdf2_sha512$1000$salt$${sha256}`,
    ],
    "argon2 with other varieties, odd salts, or more memory or passes than a login may cost": [
      `argon2$argon2d$v=19$m=512,t=2,p=2$${salt}$${tag}`,
      `argon2$argon2id$v=16$m=512,t=2,p=2$${salt}$${tag}`,
      `argon2$argon2id$m=512,t=2,p=2$${salt}$${tag}`,
      `${argon2}m=262145,t=2,p=1$${salt}$${tag}`,
      `${argon2}m=4294967295,t=2,p=1$${salt}$${tag}`,
      `${argon2}m=512,t=11,p=1$${salt}$${tag}`,
      `${argon2}m=512,t=2,p=17$${salt}$${tag}`,
      `${argon2}m=512,t=0,p=1$${salt}$${tag}`,
      `${argon2}m=15,t=2,p=2$${salt}$${tag}`,
      `${argon2}m=512,t=2,p=1$c29tZXNhbH$${tag}`,
      `${argon2}m=512,t=2,p=1$c29tZXNhbHRzb21lc2FsdB$${tag}`,
      `${argon2}m=512,t=2,p=1$${salt}$AAAA`,
      `${argon2}m=512,t=2,p=1$${salt}$${"A".repeat(200)}`,
    ],
    "bcrypt with other versions, an odd salt, or more work than a login may cost": [
      `bcrypt$$2b$03$${bcryptSalt}${checksum}`,
      `bcrypt$$2b$17$${bcryptSalt}${checksum}`,
      `bcrypt$$2b$31$${bcryptSalt}${checksum}`,
      `bcrypt$$2x$04$${bcryptSalt}${checksum}`,
      `bcrypt_sha256$$2b$04$${".".repeat(21)}A${checksum}`,
      `bcrypt_sha256$$2b$04$${bcryptSalt}`,
      `bcrypt$2b$04$${bcryptSalt}${checksum}`,
    ],
    "scrypt whose cost is no power of two, without salt, or with more memory or work than a login may cost": [
      `scrypt$1000$salt$8$1$${scryptHash}`,
      `scrypt$1$salt$8$1$${scryptHash}`,
      `scrypt$16$$8$1$${scryptHash}`,
      `scrypt$16$salt$0$1$${scryptHash}`,
      `scrypt$524288$salt$8$1$${scryptHash}`,
      `scrypt$262144$salt$8$4$${scryptHash}`,
      `scrypt$2$salt$1$99999$${scryptHash}`,
      `scrypt$67108864$salt$1$1$${scryptHash}`,
    ],
  };

  for (const [kind, encodings] of Object.entries(refused)) {
    it(`is refused without hashing: ${kind}`, () => {
      assert.deepEqual(
        encodings.filter((encoded) => readStoredHash(encoded) !== undefined),
        [],
      );
    });
  }

  const algorithms = ["argon2", "argon2$argon2id", "bcrypt", "bcrypt_sha256", "pbkdf2_sha1", "pbkdf2_sha256", "scrypt"];

  it("never matches and never throws, whatever follows the algorithm", async () => {
    const arbitraryEncoding = fc
      .tuple(fc.constantFrom("", ...algorithms.map((algorithm) => `${algorithm}$`)), fc.string({ unit: "binary" }))
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(arbitraryEncoding, async (encoded) => (await matches(PASSWORD, encoded)) !== true),
      { numRuns: 2000 },
    );
  });

  it("never matches and never throws when a real one was cut or a character replaced", async () => {
    const damaged = fc
      .record({
        encoded: fc.constantFrom(...Object.values(CHEAP), EIGHTY_CHARACTERS.bcrypt_sha256),
        at: fc.nat(),
        length: fc.integer({ min: 1, max: 40 }),
        // Neither digits nor letters: those could make another good encoding, or a costly one.
        replacement: fc.constantFrom("", "$", "=", ",", "-", " ", "\0", "\n", "é", "😀", "\ud800"),
      })
      .map(({ encoded, at, length, replacement }) => {
        const start = at % encoded.length;
        return { encoded, changed: encoded.slice(0, start) + replacement + encoded.slice(start + length) };
      })
      .filter(({ encoded, changed }) => changed !== encoded)
      .map(({ changed }) => changed);
    await fc.assert(
      fc.asyncProperty(damaged, async (encoded) => (await matches(PASSWORD, encoded)) !== true),
      { numRuns: 500 },
    );
  });

  it("never matches when something is appended to a real one", async () => {
    for (const encoded of Object.values(CHEAP)) {
      for (const tail of ["$", "=", "\n", "A", " ", "\0"]) {
        assert.notEqual(await matches(PASSWORD, encoded + tail), true, encoded + tail);
      }
    }
  });
});
