import { constants } from "node:crypto";

import type { Algorithm } from "../settings/words.ts";

interface Hmac {
  readonly kind: "hmac";
  readonly hash: string;
  /** RFC 7518, 3.2: a key at least as long as the hash. */
  readonly leastBytes: number;
}

interface Rsa {
  readonly kind: "rsa";
  readonly hash: string;
  readonly padding: number;
}

interface Ecdsa {
  readonly kind: "ecdsa";
  readonly hash: string;
  /** OpenSSL's name of the curve. */
  readonly curve: string;
  /** The curve's name in JOSE. */
  readonly curveName: string;
  /** The two numbers of a signature, one behind the other (RFC 7518, 3.4). */
  readonly signatureBytes: number;
}

interface Eddsa {
  readonly kind: "eddsa";
}

/** What an algorithm name of RFC 7518, 8037 or 8812 stands for. */
export type AlgorithmParts = Hmac | Rsa | Ecdsa | Eddsa;

const hmac = (hash: string, leastBytes: number): Hmac => ({ kind: "hmac", hash, leastBytes });
const pkcs1 = (hash: string): Rsa => ({ kind: "rsa", hash, padding: constants.RSA_PKCS1_PADDING });
const pss = (hash: string): Rsa => ({ kind: "rsa", hash, padding: constants.RSA_PKCS1_PSS_PADDING });
const ecdsa = (hash: string, curve: string, curveName: string, signatureBytes: number): Ecdsa => ({
  kind: "ecdsa",
  hash,
  curve,
  curveName,
  signatureBytes,
});

const PARTS: Readonly<Record<Algorithm, AlgorithmParts>> = {
  HS256: hmac("sha256", 32),
  HS384: hmac("sha384", 48),
  HS512: hmac("sha512", 64),
  RS256: pkcs1("sha256"),
  RS384: pkcs1("sha384"),
  RS512: pkcs1("sha512"),
  PS256: pss("sha256"),
  PS384: pss("sha384"),
  PS512: pss("sha512"),
  ES256: ecdsa("sha256", "prime256v1", "P-256", 64),
  ES384: ecdsa("sha384", "secp384r1", "P-384", 96),
  ES512: ecdsa("sha512", "secp521r1", "P-521", 132),
  ES256K: ecdsa("sha256", "secp256k1", "secp256k1", 64),
  EdDSA: { kind: "eddsa" },
};

export const partsOf = (algorithm: Algorithm): AlgorithmParts => PARTS[algorithm];

/** Whether one secret both signs and verifies. */
export const isSymmetric = (algorithm: Algorithm): boolean => PARTS[algorithm].kind === "hmac";
