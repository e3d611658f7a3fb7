import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { isSameText } from "./stored-hash.ts";
import type { StoredHash } from "./stored-hash.ts";

const derive = promisify(pbkdf2);

const DIGEST_BYTES = { sha1: 20, sha256: 32 };

/** Eight times what Django 6 uses: a second or two. */
const MAX_ITERATIONS = 10_000_000;

const ENCODING = /^pbkdf2_(?<digest>sha1|sha256)\$(?<iterations>[1-9]\d{0,7})\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/;

/** Reads Django's `pbkdf2_sha256$iterations$salt$hash` and `pbkdf2_sha1$…` (hash in base64, salt as text). */
export function readPbkdf2(encoded: string): StoredHash | undefined {
  const { digest, iterations, salt, hash } = ENCODING.exec(encoded)?.groups ?? {};
  if ((digest !== "sha1" && digest !== "sha256") || salt === undefined || hash === undefined) return undefined;
  const rounds = Number(iterations);
  if (rounds > MAX_ITERATIONS) return undefined;
  return {
    isCurrent: false,
    async verify(password) {
      const derived = await derive(password, salt, rounds, DIGEST_BYTES[digest], digest);
      return isSameText(derived.toString("base64"), hash);
    },
  };
}
