import { argon2 } from "node:crypto";
import type { Argon2Algorithm } from "node:crypto";
import { promisify } from "node:util";
import { randomAlphanumeric } from "../../random-alphanumeric.ts";
import { isSameText } from "./stored-hash.ts";
import type { StoredHash } from "./stored-hash.ts";

const derive = promisify(argon2);

/** OWASP's password storage recommendation for argon2id; memory in KiB. */
const CURRENT = { memory: 19_456, passes: 2, parallelism: 1 };
const CURRENT_TAG_BYTES = 32;
const MIN_CURRENT_SALT_BYTES = 16;

/** 62^22 salts: the 128 bits of entropy below which Django asks for a new hash. */
const SALT_CHARACTERS = 22;

/** 256 MiB and ten passes; Django's own hashes take 100 MiB and two passes. */
const MAX_MEMORY = 262_144;
const MAX_PASSES = 10;
const MAX_PARALLELISM = 16;

const ENCODING =
  /^argon2\$(?<variety>argon2id?)\$v=19\$m=(?<memory>[1-9]\d{0,6}),t=(?<passes>[1-9]\d?),p=(?<parallelism>[1-9]\d?)\$(?<salt>[A-Za-z0-9+/]{11,86})\$(?<tag>[A-Za-z0-9+/]{22,86})$/;

/**
 * Reads Django's `argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash`, or `argon2i` (salt and hash in base64 without
 * padding). Hashes of Argon2's first version, written without `v=19` before 2016, cannot be computed here.
 */
export function readArgon2(encoded: string): StoredHash | undefined {
  const groups = ENCODING.exec(encoded)?.groups ?? {};
  const { variety, salt, tag } = groups;
  if (salt === undefined || tag === undefined) return undefined;
  const algorithm: Argon2Algorithm = variety === "argon2i" ? "argon2i" : "argon2id";
  const memory = Number(groups["memory"]);
  const passes = Number(groups["passes"]);
  const parallelism = Number(groups["parallelism"]);
  if (memory > MAX_MEMORY || passes > MAX_PASSES || parallelism > MAX_PARALLELISM) return undefined;
  if (memory < 8 * parallelism) return undefined;
  const nonce = Buffer.from(salt, "base64");
  const tagLength = Buffer.from(tag, "base64").length;
  if (nonce.length < 8 || unpaddedBase64(nonce) !== salt) return undefined;
  return {
    isCurrent:
      algorithm === "argon2id" &&
      memory === CURRENT.memory &&
      passes === CURRENT.passes &&
      parallelism === CURRENT.parallelism &&
      tagLength === CURRENT_TAG_BYTES &&
      nonce.length >= MIN_CURRENT_SALT_BYTES,
    async verify(password) {
      const derived = await derive(algorithm, { message: password, nonce, memory, passes, parallelism, tagLength });
      return isSameText(unpaddedBase64(derived), tag);
    },
  };
}

/** Makes a new argon2id hash of `password` (UTF-8 bytes) with a fresh salt, in Django's encoding. */
export async function makeArgon2(password: Buffer): Promise<string> {
  const nonce = Buffer.from(randomAlphanumeric(SALT_CHARACTERS));
  const tag = await deriveCurrent(password, nonce);
  const parameters = `m=${CURRENT.memory},t=${CURRENT.passes},p=${CURRENT.parallelism}`;
  return `argon2$argon2id$v=19$${parameters}$${unpaddedBase64(nonce)}$${unpaddedBase64(tag)}`;
}

/** Does the work of verifying `password` against a current hash, where there is no hash to verify against. */
export async function doDummyWork(password: Buffer): Promise<void> {
  await deriveCurrent(password, Buffer.alloc(SALT_CHARACTERS));
}

function deriveCurrent(password: Buffer, nonce: Buffer): Promise<Buffer> {
  return derive("argon2id", { message: password, nonce, ...CURRENT, tagLength: CURRENT_TAG_BYTES });
}

function unpaddedBase64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
