import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { keysFor, rsaKeys } from "../auth/key-pairs.ts";
import { assertRefusedUnseen, configOf, onlyProblemOf, SECRET } from "./fixtures.ts";

const rsa = rsaKeys();
const es256 = keysFor("ES256");
const jwtOf = (settings: object) => configOf({ SIMPLE_JWT: settings }).jwt;
const problemOf = (settings: object) => onlyProblemOf({ SIMPLE_JWT: settings });

describe("JWK_URL", () => {
  const withUrl = (JWK_URL: unknown) => ({ ALGORITHM: "RS256", JWK_URL });
  test("is an address over https, or on this machine", () => {
    for (const url of [
      "https://id.example/keys.json",
      "https://id.example:8443/a?b=c",
      "http://127.0.0.1:8080/keys",
      "http://localhost/keys",
      "http://[::1]:9/keys",
      "http://127.1/keys",
    ]) {
      assert.equal(jwtOf(withUrl(url)).jwkUrl, new URL(url).href);
    }
    for (const url of [
      "http://id.example/keys",
      "http://127.0.0.1.example/keys",
      "http://localhost.example/keys",
      "http://10.0.0.1/keys",
      "ftp://id.example/keys",
      "file:///etc/keys.json",
      "data:application/json,{}",
    ]) {
      assert.match(problemOf(withUrl(url)), /^SIMPLE_JWT\.JWK_URL .* is not an address over https/);
    }
    assert.match(problemOf(withUrl("https://a:hunter2@id.example/keys")), /a user name or a password in it/);
    for (const url of ["", "keys.json", "id.example/keys", 5, {}, true])
      assert.match(problemOf(withUrl(url)), /^SIMPLE_JWT\.JWK_URL .*; write the address of a JWK set/);
    for (const url of ["http://id.example/hunter2", "https://a:hunter2@id.example/", "hunter2"])
      assert.doesNotMatch(problemOf(withUrl(url)), /hunter2/);
  });
  test("stands alone or beside a private key, not beside a public one", () => {
    const url = "https://id.example/keys";
    assert.equal(jwtOf({ ...withUrl(url), SIGNING_KEY: rsa.signingKey }).signingKey, rsa.signingKey);
    assertRefusedUnseen(
      { ...withUrl(url), VERIFYING_KEY: rsa.verifyingKey },
      /^SIMPLE_JWT\.VERIFYING_KEY .* is set beside SIMPLE_JWT\.JWK_URL .*; leave one of them out$/,
    );
  });
});

describe("VERIFYING_KEYS", () => {
  const earlier = (keys: unknown, settings: object = {}) => ({
    SIMPLE_JWT: settings,
    EARSHOT: { VERIFYING_KEYS: keys },
  });
  const pairs = { ALGORITHM: "ES256", SIGNING_KEY: es256.signingKey };
  test("are secrets or public keys, as the algorithm has it", () => {
    assert.deepEqual(configOf(earlier([SECRET])).jwt.earlierVerifyingKeys, [SECRET]);
    const { verifyingKey } = keysFor("ES256");
    assert.deepEqual(configOf(earlier([verifyingKey], pairs)).jwt.earlierVerifyingKeys, [verifyingKey]);
    assert.match(
      onlyProblemOf(earlier([SECRET, "short"])),
      /^EARSHOT\.VERIFYING_KEYS \(earshot\.settings\.ts\) has a wrong entry \(number 2\): it has 5 bytes/,
    );
    assert.match(onlyProblemOf(earlier([rsa.verifyingKey])), /\(number 1\): it is a PEM key, and HS256 takes a secret/);
    assert.match(onlyProblemOf(earlier([SECRET], pairs)), /\(number 1\): it is not in PEM form/);
    assert.match(onlyProblemOf(earlier([es256.signingKey], pairs)), /\(number 1\): it is a private key/);
    assert.match(onlyProblemOf(earlier([rsa.verifyingKey], pairs)), /\(number 1\): it is an RSA key, and ES256/);
  });
  test("are a list of at most four", () => {
    assert.equal(configOf(earlier(Array.from({ length: 4 }, () => SECRET))).jwt.earlierVerifyingKeys.length, 4);
    assert.match(
      onlyProblemOf(earlier(Array.from({ length: 5 }, () => SECRET))),
      /has 5 keys; write a list of at most 4/,
    );
    for (const value of [SECRET, null, {}, 5])
      assert.match(onlyProblemOf(earlier(value)), /write a list of at most 4 keys$/);
    for (const value of [[5], [""], [null], ["\ud800"]]) assert.match(onlyProblemOf(earlier(value)), /\(number 1\)/);
  });
  test("in the environment are one key, commas and all, or a JSON list", () => {
    const keysIn = (text: string) => configOf({}, { EARSHOT_VERIFYING_KEYS: text }).jwt.earlierVerifyingKeys;
    const withCommas = `${SECRET},${SECRET}`;
    assert.deepEqual(keysIn(withCommas), [withCommas]);
    assert.deepEqual(keysIn(JSON.stringify([SECRET, withCommas])), [SECRET, withCommas]);
    assert.match(onlyProblemOf({}, { EARSHOT_VERIFYING_KEYS: `["hunter2` }), /write a list of at most 4 keys$/);
  });
});
