import type { Algorithm } from "./words.ts";

/** RFC 7518, 3.2: a key at least as long as the hash. */
const LEAST_BYTES: Readonly<Record<Algorithm, number>> = { HS256: 32, HS384: 48, HS512: 64 };

/** What keeps `key` from signing with `algorithm`, continuing a sentence that begins with the key's name. Never shows the key. */
export function signingKeyProblem(key: string, algorithm: Algorithm): string | undefined {
  if (key.trimStart().startsWith("-----BEGIN ")) {
    return "is a PEM key for asymmetric algorithms, but this release signs with HS256, HS384 or HS512; write a long random text";
  }
  const bytes = Buffer.byteLength(key);
  const least = LEAST_BYTES[algorithm];
  if (bytes >= least) return undefined;
  return `has ${bytes} bytes, and signing with ${algorithm} needs at least ${least} (RFC 7518, 3.2); write a longer random text`;
}

/** What makes `key` easy to guess though it is long enough to be taken. */
export function weakKeyWarning(key: string): string | undefined {
  if (key.startsWith("django-insecure-"))
    return "begins with django-insecure-, which Django writes into keys meant for development only";
  if (new Set(key).size < 5) return "has fewer than 5 different characters";
  return Buffer.byteLength(key) < LEAST_BYTES.HS256 ? `is shorter than ${LEAST_BYTES.HS256} bytes` : undefined;
}
