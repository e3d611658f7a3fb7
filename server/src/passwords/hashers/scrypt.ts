import { scrypt } from "node:crypto";
import type { ScryptOptions } from "node:crypto";
import { isSameText } from "./stored-hash.ts";
import type { StoredHash } from "./stored-hash.ts";

const DERIVED_BYTES = 64;

/** N × r, of which each unit takes 128 bytes: 256 MiB. Django's own hashes take 16 MiB. */
const MAX_MEMORY_UNITS = 2 ** 21;

/** N × r × p, the work: four times OWASP's N=2^17, r=8, p=1. */
const MAX_WORK_UNITS = 2 ** 22;

const ENCODING =
  /^scrypt\$(?<cost>[1-9]\d{0,7})\$(?<salt>[^$]+)\$(?<blockSize>[1-9]\d{0,3})\$(?<parallelism>[1-9]\d{0,3})\$(?<hash>[^$]+)$/;

/**
 * Reads the encoding of Django's ScryptPasswordHasher (4.0 and later):
 * `scrypt$work_factor$salt$block_size$parallelism$hash`, hash in base64, salt as text.
 */
export function readScrypt(encoded: string): StoredHash | undefined {
  const { cost, salt, blockSize, parallelism, hash } = ENCODING.exec(encoded)?.groups ?? {};
  if (salt === undefined || hash === undefined) return undefined;
  const N = Number(cost);
  const r = Number(blockSize);
  const p = Number(parallelism);
  if (N < 2 || !Number.isInteger(Math.log2(N))) return undefined;
  if (N * r > MAX_MEMORY_UNITS || N * r * p > MAX_WORK_UNITS) return undefined;
  // OpenSSL counts a little more than the 128 × N × r of the algorithm itself.
  const maxmem = 128 * r * (N + p + 2) + 1024 * 1024;
  return {
    isCurrent: false,
    async verify(password) {
      const derived = await derive(password, salt, { N, r, p, maxmem });
      return isSameText(derived.toString("base64"), hash);
    },
  };
}

function derive(password: Buffer, salt: string, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, DERIVED_BYTES, options, (error, derived) => {
      if (error) reject(error);
      else resolve(derived);
    });
  });
}
