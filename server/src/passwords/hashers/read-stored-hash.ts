import { readArgon2 } from "./argon2.ts";
import { readBcrypt } from "./bcrypt.ts";
import { readPbkdf2 } from "./pbkdf2.ts";
import { readScrypt } from "./scrypt.ts";
import type { StoredHash, StoredHashReader } from "./stored-hash.ts";

const READERS: ReadonlyMap<string, StoredHashReader> = new Map([
  ["argon2", readArgon2],
  ["bcrypt", readBcrypt],
  ["bcrypt_sha256", readBcrypt],
  ["pbkdf2_sha1", readPbkdf2],
  ["pbkdf2_sha256", readPbkdf2],
  ["scrypt", readScrypt],
]);

/**
 * Reads a password in any of Django's encodings that are still considered safe. Undefined for everything no
 * password can match: empty, unusable (`!…`), malformed, unknown algorithm, parameters out of bounds.
 */
export function readStoredHash(encoded: string): StoredHash | undefined {
  const [algorithm = ""] = encoded.split("$", 1);
  return READERS.get(algorithm)?.(encoded);
}
