import { generateKeyPairSync, type KeyObject } from "node:crypto";

import type { Algorithm } from "../../../server/src/settings/words.ts";

/** Keys for one algorithm, as settings have them. */
export interface KeyPair {
  readonly signingKey: string;
  readonly verifyingKey: string;
}

export const ASYMMETRIC = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "ES256K",
  "EdDSA",
] as const satisfies readonly Algorithm[];

const CURVES: Readonly<Record<string, string>> = {
  ES256: "prime256v1",
  ES384: "secp384r1",
  ES512: "secp521r1",
  ES256K: "secp256k1",
};

export const pem = (key: KeyObject): string =>
  key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" });

const asPem = ({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): KeyPair => ({
  signingKey: pem(privateKey),
  verifyingKey: pem(publicKey),
});

export const rsaKeys = (bits = 2048): KeyPair => asPem(generateKeyPairSync("rsa", { modulusLength: bits }));
export const ecKeys = (namedCurve: string): KeyPair => asPem(generateKeyPairSync("ec", { namedCurve }));
export const ed25519Keys = (): KeyPair => asPem(generateKeyPairSync("ed25519"));
export const ed448Keys = (): KeyPair => asPem(generateKeyPairSync("ed448"));

/** New keys that fit the algorithm. */
export function keysFor(algorithm: (typeof ASYMMETRIC)[number]): KeyPair {
  const curve = CURVES[algorithm];
  if (curve !== undefined) return ecKeys(curve);
  return algorithm === "EdDSA" ? ed25519Keys() : rsaKeys();
}
