import { isIPv4 } from "node:net";
import { accepted, type Reader, refusedUnseen } from "./reader.ts";
import { choice, list, orNull, secretText } from "./readers.ts";
import { setting } from "./setting.ts";
import { inSimpleJwt } from "./simple-jwt-setting.ts";
import { type Algorithm, ALGORITHMS } from "./words.ts";

const EARLIER_KEYS_MAX = 4;

/** What signs tokens and what verifies them. */
export const simpleJwtKeys = {
  ALGORITHM: inSimpleJwt<Algorithm>("ALGORITHM", {
    reader: choice(ALGORITHMS, `one of ${ALGORITHMS.join(", ")}`),
    default: "HS256",
    defaultInWords: "HS256",
    description: `The one algorithm that signs and verifies tokens: one of ${ALGORITHMS.join(", ")}.`,
  }),
  SIGNING_KEY: inSimpleJwt<string | undefined>("SIGNING_KEY", {
    reader: secretText("a long random text, or leave it out to sign with SECRET_KEY"),
    default: undefined,
    defaultInWords: "SECRET_KEY with HS256, HS384 and HS512; none with the others",
    description:
      "For HS256, HS384 and HS512 the secret that signs, at least as long as the hash: 32, 48 or 64 bytes (RFC 7518, 3.2). For the others the private key as PEM text: RSA of 2048 bits or more, the curve of the algorithm, or Ed25519 or Ed448. Without one, tokens made elsewhere are only checked, and /api/token/ and its refresh are not served.",
  }),
  VERIFYING_KEY: inSimpleJwt<string | undefined>("VERIFYING_KEY", {
    reader: verifyingKey(),
    default: undefined,
    defaultInWords: "the public part of SIGNING_KEY",
    description:
      "The public key as PEM text; not with HS256, HS384 and HS512, whose secret verifies, nor with JWK_URL.",
  }),
  JWK_URL: inSimpleJwt<string | undefined>("JWK_URL", {
    reader: orNull(jwkUrl()),
    default: undefined,
    defaultInWords: "null: no keys are fetched",
    description:
      "Where the public keys of tokens made elsewhere are fetched, a JWK set over https; the kid of a token chooses among them, and no token can name another address. A key that is withdrawn there ends within 5 minutes; while the address cannot be reached, known keys are used for an hour, and tokens of unknown ones are answered 401.",
  }),
};

/** Beyond simplejwt, in the group EARSHOT. */
export const verifyingKeys = setting<readonly string[]>(
  "VERIFYING_KEYS",
  {
    reader: earlierKeys(),
    default: [],
    defaultInWords: "none",
    description: `Keys that signed before and whose tokens are still good, to change SIGNING_KEY without logging everyone out: at most ${EARLIER_KEYS_MAX} secrets with HS256, HS384 and HS512, public keys as PEM text with the others. In the environment one key, or a JSON list.`,
  },
  "EARSHOT",
);

/** simplejwt's default, an empty text, is none. */
function verifyingKey(): Reader<string | undefined> {
  const secret = secretText("a public key in PEM form, or leave it out to verify with that of SIGNING_KEY");
  return {
    ...secret,
    read: (value) => (value === "" || value === null ? accepted(undefined) : secret.read(value)),
  };
}

/** Never shown: an address may hold a key of its own. */
function jwkUrl(): Reader<string> {
  const expects = "the address of a JWK set, such as https://id.example.com/.well-known/jwks.json";
  return {
    expects,
    parse: (text) => text.trim(),
    read(value) {
      const url = typeof value === "string" ? URL.parse(value) : null;
      if (url === null) return refusedUnseen(value, expects);
      if (url.username !== "" || url.password !== "")
        return { ok: false, problem: `has a user name or a password in it, which is not sent; write ${expects}` };
      if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
        return accepted(url.href);
      return {
        ok: false,
        problem: `is not an address over https; over http it may be on this machine only; write ${expects}`,
      };
    },
  };
}

const isLoopback = (host: string) =>
  host === "localhost" || host === "[::1]" || (isIPv4(host) && host.startsWith("127."));

function earlierKeys(): Reader<readonly string[]> {
  const expects = `a list of at most ${EARLIER_KEYS_MAX} keys`;
  const keys = list(expects, secretText("a secret, or a public key in PEM form"));
  return {
    expects,
    parse: parseKeys,
    read(value) {
      if (!Array.isArray(value)) return refusedUnseen(value, expects);
      if (value.length > EARLIER_KEYS_MAX) return { ok: false, problem: `has ${value.length} keys; write ${expects}` };
      return keys.read(value);
    },
  };
}

/** Secrets may have commas in them. */
function parseKeys(text: string): unknown {
  if (!text.trimStart().startsWith("[")) return [text];
  try {
    const keys: unknown = JSON.parse(text);
    return keys;
  } catch {
    return text;
  }
}
