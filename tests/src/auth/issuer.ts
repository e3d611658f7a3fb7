import { createPrivateKey, createPublicKey } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

import { createSigner } from "../../../server/src/auth/signatures.ts";
import type { Algorithm } from "../../../server/src/settings/words.ts";
import type { Json } from "../contract/json.ts";
import { base64url } from "../support/tokens.ts";
import { type ASYMMETRIC, type KeyPair, keysFor } from "./key-pairs.ts";

/** A key as its issuer has it: it signs, and is published under its name. */
export interface IssuerKey extends KeyPair {
  readonly kid: string;
  /** As a JWK set has it. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** A token with these claims; members of `header` win. */
  sign(claims: Json, header?: Readonly<Record<string, unknown>>): string;
}

export function issuerKey(kid: string, algorithm: (typeof ASYMMETRIC)[number] = "ES256"): IssuerKey {
  const keys = keysFor(algorithm);
  return {
    ...keys,
    kid,
    jwk: { ...publicJwk(keys), kid, use: "sig", alg: algorithm },
    sign: (claims, header) => signWith(keys, algorithm, claims, { kid, ...header }),
  };
}

export const publicJwk = ({ verifyingKey }: KeyPair): Readonly<Record<string, unknown>> => ({
  ...createPublicKey(verifyingKey).export({ format: "jwk" }),
});

export function signWith(
  { signingKey }: KeyPair,
  algorithm: Algorithm,
  claims: Json,
  header: Readonly<Record<string, unknown>> = {},
): string {
  const head = base64url(JSON.stringify({ alg: algorithm, typ: "JWT", ...header }));
  const signed = `${head}.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${createSigner(algorithm, createPrivateKey(signingKey))(signed).toString("base64url")}`;
}

/** Publishes a JWK set on this machine. */
export interface Issuer {
  readonly url: string;
  /** How often it was asked. */
  readonly requests: () => number;
  /** Publishes these keys from now on. */
  publish(...keys: readonly unknown[]): void;
  /** Answers this way from now on. */
  answer(listener: RequestListener): void;
  close(): Promise<void>;
}

export async function startIssuer(...keys: readonly unknown[]): Promise<Issuer> {
  let requests = 0;
  let listener: RequestListener = answering(keys);
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/keys.json`,
    requests: () => requests,
    publish(...published) {
      listener = answering(published);
    },
    answer(other) {
      listener = other;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const answering =
  (keys: readonly unknown[]): RequestListener =>
  (_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ keys }));
  };
