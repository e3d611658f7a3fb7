import { createPublicKey, type KeyObject } from "node:crypto";

import { nestsDeeper } from "../json-depth.ts";
import type { Algorithm } from "../settings/words.ts";
import { keyProblem } from "./key-problem.ts";

/** More keys than this no set of any issuer has. */
const KEYS_MAX = 100;
const JSON_MAX_DEPTH = 16;
const KID_MAX_LENGTH = 255;

/** The members of a public key, by its type (RFC 7518, 6; RFC 8037, 2). Secrets ("oct") are no keys to verify with. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ["n", "e"],
  EC: ["crv", "x", "y"],
  OKP: ["crv", "x"],
};

/** The text is no JWK set at all. */
class NoJwkSet extends Error {}

export const isKid = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.length <= KID_MAX_LENGTH;

/**
 * The public keys of a JWK set (RFC 7517, 5) that may verify signatures of the algorithm, by `kid`. A key of another kind,
 * for another use or algorithm, without a `kid`, or that is none, is passed over.
 * @throws NoJwkSet
 */
export function readJwkSet(text: string, algorithm: Algorithm): ReadonlyMap<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const jwk of membersOf(text)) {
    if (!isRecord(jwk) || !isFor(jwk, algorithm)) continue;
    const { kid } = jwk;
    const key = readJwk(jwk);
    // Of two with one name the first counts: nobody can take its place by being added.
    if (isKid(kid) && !keys.has(kid) && key !== undefined && keyProblem(key, algorithm) === undefined)
      keys.set(kid, key);
  }
  return keys;
}

type Jwk = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Jwk => typeof value === "object" && value !== null && !Array.isArray(value);

function membersOf(text: string): readonly unknown[] {
  if (nestsDeeper(text, JSON_MAX_DEPTH)) throw new NoJwkSet("nested too deeply");
  const keys = parse(text);
  if (!Array.isArray(keys)) throw new NoJwkSet("no list of keys");
  if (keys.length > KEYS_MAX) throw new NoJwkSet(`more than ${KEYS_MAX} keys`);
  return keys;
}

function parse(text: string): unknown {
  try {
    const set: unknown = JSON.parse(text);
    return isRecord(set) ? set["keys"] : undefined;
  } catch {
    throw new NoJwkSet("no JSON");
  }
}

/** RFC 7517, 4.2 to 4.4: what the key says it is for. */
function isFor({ use, key_ops: operations, alg }: Jwk, algorithm: Algorithm): boolean {
  if (use !== undefined && use !== "sig") return false;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) return false;
  return alg === undefined || alg === algorithm;
}

/** Only what makes the public key is looked at: where a private one was published by mistake, that much of it. */
function readJwk(jwk: Jwk): KeyObject | undefined {
  const { kty } = jwk;
  const names = typeof kty === "string" && Object.hasOwn(MEMBERS, kty) ? MEMBERS[kty] : undefined;
  if (typeof kty !== "string" || names === undefined) return undefined;
  const key: Record<string, string> = { kty };
  for (const name of names) {
    const value = jwk[name];
    if (typeof value !== "string") return undefined;
    key[name] = value;
  }
  try {
    return createPublicKey({ key, format: "jwk" });
  } catch {
    return undefined;
  }
}
