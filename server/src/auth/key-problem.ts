import type { KeyObject } from "node:crypto";

import type { Algorithm } from "../settings/words.ts";
import { partsOf } from "./algorithms.ts";

/** RFC 7518, 3.3: keys of 2048 bits or more. */
const RSA_LEAST_BITS = 2048;
/** A check of a signature takes a millisecond at most. */
const RSA_MOST_BITS = 8192;

/**
 * What keeps an asymmetric key, private or public, from being used with the algorithm (RFC 8725, 3.1 and 3.5): continues a
 * sentence that begins with the key's name, and tells nothing of the key but its kind and size.
 */
export function keyProblem(key: KeyObject, algorithm: Algorithm): string | undefined {
  const parts = partsOf(algorithm);
  const type = key.asymmetricKeyType;
  if (parts.kind === "hmac") return `is a key pair's, and ${algorithm} takes a secret`;
  if (parts.kind === "rsa") {
    if (type !== "rsa") return `is ${kindOf(key)}, and ${algorithm} takes an RSA key`;
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits >= RSA_LEAST_BITS && bits <= RSA_MOST_BITS) return undefined;
    return `is an RSA key of ${bits} bits, and ${algorithm} takes ${RSA_LEAST_BITS} to ${RSA_MOST_BITS} (RFC 7518, 3.3)`;
  }
  if (parts.kind === "ecdsa") {
    if (type === "ec" && key.asymmetricKeyDetails?.namedCurve === parts.curve) return undefined;
    return `is ${kindOf(key)}, and ${algorithm} takes one on the curve ${parts.curveName}`;
  }
  if (type === "ed25519" || type === "ed448") return undefined;
  return `is ${kindOf(key)}, and ${algorithm} takes one of Ed25519 or Ed448`;
}

function kindOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string {
  if (type === "rsa") return "an RSA key";
  if (type === "ec") return `a key on the curve ${details?.namedCurve ?? "of no name"}`;
  return `a key of the type ${type ?? "unknown"}`;
}
