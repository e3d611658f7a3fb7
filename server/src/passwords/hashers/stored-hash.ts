import { timingSafeEqual } from "node:crypto";

/** A hash read from the database: well formed, and with parameters that are safe to compute. */
export interface StoredHash {
  /** True for the algorithm and parameters new hashes are made with; false asks for a rehash. */
  readonly isCurrent: boolean;
  /** Computes the hash of `password` (UTF-8 bytes) with the stored parameters and compares. */
  verify(password: Buffer): Promise<boolean>;
}

/** Reads one encoding. Undefined: malformed, another algorithm, or parameters out of bounds. */
export type StoredHashReader = (encoded: string) => StoredHash | undefined;

/**
 * Compares two encoded hashes in constant time. Text, not bytes, is compared, as Django does: a digest
 * spelt in non-canonical base64 never matches.
 */
export function isSameText(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
