import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { describe, it } from "node:test";
import { createPasswords } from "../../../server/src/passwords/passwords.ts";
import { TooBusy } from "../../../server/src/passwords/queue.ts";
import { CHEAP, CURRENT, CURRENT_BUT_SHORT, DJANGO_DEFAULTS, PASSWORD } from "./vectors.ts";

const WRONG = { matches: false, needsRehash: false };

function makePasswords() {
  return createPasswords({ concurrency: 2, queueLimit: 10, deadlineMs: 60_000 });
}

/** The kinds of work handed to the thread pool while `action` runs, such as `ARGON2REQUEST`. */
async function poolWorkOf(action: () => Promise<unknown>): Promise<string[]> {
  const work: string[] = [];
  const hook = createHook({
    init(_id, type) {
      if (type.endsWith("REQUEST")) work.push(type);
    },
  });
  hook.enable();
  try {
    await action();
  } finally {
    hook.disable();
  }
  return work;
}

describe("a new hash", () => {
  it("is argon2id in Django's encoding, salted anew, and fits Django's column of 128 characters", async () => {
    const passwords = makePasswords();
    const first = await passwords.hash(PASSWORD);
    const second = await passwords.hash(PASSWORD);
    const encoding = /^argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{30}\$[A-Za-z0-9+/]{43}$/;
    assert.match(first, encoding);
    assert.match(second, encoding);
    assert.notEqual(first, second);
    assert.ok(first.length <= 128);
  });

  it("matches its password as typed, and needs no rehash", async () => {
    const passwords = makePasswords();
    const encoded = await passwords.hash(PASSWORD);
    assert.deepEqual(await passwords.verify(PASSWORD, encoded), { matches: true, needsRehash: false });
    assert.deepEqual(await passwords.verify(PASSWORD.normalize("NFD"), encoded), WRONG);
  });

  it("is made of up to 4096 bytes of UTF-8, and refused beyond", async () => {
    const passwords = makePasswords();
    const longest = "é".repeat(2048);
    const encoded = await passwords.hash(longest);
    assert.equal((await passwords.verify(longest, encoded)).matches, true);
    assert.deepEqual(await passwords.verify(`${longest}x`, encoded), WRONG);
    await assert.rejects(passwords.hash(`${longest}x`), /too long.*4096 bytes/);
  });

  it("is refused for text that UTF-8 cannot encode, which would match other such text", async () => {
    const passwords = makePasswords();
    await assert.rejects(passwords.hash("secret \ud800"), /surrogate/);
    const lookAlike = await passwords.hash("secret \ufffd");
    assert.deepEqual(await passwords.verify("secret \ud800", lookAlike), WRONG);
  });
});

describe("needsRehash", () => {
  it("asks for nothing when another program made the hash with the current parameters", async () => {
    assert.deepEqual(await makePasswords().verify(PASSWORD, CURRENT), { matches: true, needsRehash: false });
  });

  for (const [name, encoded] of Object.entries({ ...DJANGO_DEFAULTS, ...CHEAP, "shorter hash": CURRENT_BUT_SHORT })) {
    it(`asks for a new hash after a match with other parameters: ${name}`, async () => {
      const passwords = makePasswords();
      assert.deepEqual(await passwords.verify(PASSWORD, encoded), { matches: true, needsRehash: true });
    });
  }

  it("asks for nothing after a wrong password", async () => {
    assert.deepEqual(await makePasswords().verify("open sesame", CHEAP.pbkdf2_sha256), WRONG);
  });
});

describe("a user who cannot log in", () => {
  const unusable = makePasswords().makeUnusable();
  const cases: [string, string, string | undefined][] = [
    ["does not exist", PASSWORD, undefined],
    ["has an unusable password", PASSWORD, unusable],
    ["has an empty hash", PASSWORD, ""],
    ["has a malformed hash", PASSWORD, `${CURRENT}$`],
    ["gave a password that is too long", "x".repeat(4097), CURRENT],
    ["gave a password that is too long, and does not exist", "x".repeat(4097), undefined],
  ];

  for (const [who, password, encoded] of cases) {
    it(`costs the same work as one with a wrong password: ${who}`, async () => {
      const passwords = makePasswords();
      const ofWrongPassword = await poolWorkOf(() => passwords.verify("open sesame", CURRENT));
      assert.deepEqual(ofWrongPassword, ["ARGON2REQUEST"]);
      const work = await poolWorkOf(async () => {
        assert.deepEqual(await passwords.verify(password, encoded), WRONG);
      });
      assert.deepEqual(work, ofWrongPassword);
    });
  }

  it("has 40 random characters behind an exclamation mark, which not even they themselves match", async () => {
    const passwords = makePasswords();
    assert.match(unusable, /^![A-Za-z0-9]{40}$/);
    assert.notEqual(passwords.makeUnusable(), unusable);
    assert.deepEqual(await passwords.verify(unusable, unusable), WRONG);
  });
});

describe("a flood of logins", () => {
  it("is answered TooBusy beyond the queue, known and unknown users alike, and the rest is served", async () => {
    const passwords = createPasswords({ concurrency: 1, queueLimit: 2, deadlineMs: 60_000 });
    const results = await Promise.allSettled([
      passwords.verify(PASSWORD, CURRENT),
      passwords.verify(PASSWORD, undefined),
      passwords.verify("x".repeat(4097), CURRENT),
      passwords.verify(PASSWORD, CURRENT),
      passwords.verify(PASSWORD, undefined),
      passwords.hash(PASSWORD),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected", "rejected"],
    );
    for (const result of results) {
      if (result.status === "rejected") assert.ok(result.reason instanceof TooBusy);
    }
    assert.equal((await passwords.verify(PASSWORD, CURRENT)).matches, true);
  });
});
