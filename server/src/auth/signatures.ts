import { constants, createHmac, type KeyObject, sign, timingSafeEqual, verify } from "node:crypto";

import type { Algorithm } from "../settings/words.ts";
import { type AlgorithmParts, partsOf } from "./algorithms.ts";

/** Makes signatures under one key and one algorithm. */
export type Signer = (text: string) => Buffer;

/** Checks signatures under one key and one algorithm. */
export interface Verifier {
  /** How long every signature is, in bytes. */
  readonly signatureBytes: number;
  /** @param signature of `signatureBytes` */
  verifies(text: string, signature: Buffer): boolean;
}

/** @param key the secret, or the private key; it fits the algorithm */
export function createSigner(algorithm: Algorithm, key: KeyObject): Signer {
  const parts = partsOf(algorithm);
  if (parts.kind === "hmac") return (text) => createHmac(parts.hash, key).update(text).digest();
  const { hash, options } = wayOf(parts);
  const input = { key, ...options };
  return (text) => sign(hash, Buffer.from(text), input);
}

/** @param key the secret, or the public key; it fits the algorithm */
export function createVerifier(algorithm: Algorithm, key: KeyObject): Verifier {
  const parts = partsOf(algorithm);
  if (parts.kind === "hmac") {
    const signer = createSigner(algorithm, key);
    // The tag is as long as the shortest key.
    return {
      signatureBytes: parts.leastBytes,
      verifies: (text, signature) => timingSafeEqual(signer(text), signature),
    };
  }
  const { hash, options } = wayOf(parts);
  const input = { key, ...options };
  return {
    signatureBytes: signatureBytesOf(parts, key),
    verifies: (text, signature) => verify(hash, Buffer.from(text), input, signature),
  };
}

type Asymmetric = Exclude<AlgorithmParts, { readonly kind: "hmac" }>;

function wayOf(parts: Asymmetric) {
  if (parts.kind === "eddsa") return { hash: null, options: {} };
  if (parts.kind === "ecdsa") return { hash: parts.hash, options: { dsaEncoding: "ieee-p1363" as const } };
  // RFC 7518, 3.5: the salt of PSS is as long as the hash. Without PSS there is none.
  return { hash: parts.hash, options: { padding: parts.padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } };
}

function signatureBytesOf(parts: Asymmetric, key: KeyObject): number {
  if (parts.kind === "ecdsa") return parts.signatureBytes;
  if (parts.kind === "rsa") return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return key.asymmetricKeyType === "ed448" ? 114 : 64;
}
