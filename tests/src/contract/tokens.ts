import { createHmac } from "node:crypto";
import { isObject, parseJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";

/** A token made by hand, so that any header, claim or signature is possible. It is signed with HS256, whatever its header says. */
export function mint(claims: JsonObject, key: string, header: JsonObject = { alg: "HS256", typ: "JWT" }): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return header["alg"] === "none" ? `${signed}.` : `${signed}.${hs256(signed, key)}`;
}

export function hs256(signed: string, key: string): string {
  return createHmac("sha256", key).update(signed).digest("base64url");
}

/** The token with a signature that is well formed and wrong. */
export function withBadSignature(token: string): string {
  return `${token.slice(0, -4)}AAAA`;
}

export interface DecodedToken {
  headerJson: string;
  claimsJson: string;
  claims: JsonObject;
  /** What the signature covers. */
  signed: string;
  signature: string;
}

/** The parts of a token; its signature is not checked. Throws where it is none. */
export function decodeToken(token: string): DecodedToken {
  const [header, payload, signature, ...more] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new TypeError("not a token of three parts");
  }
  const claimsJson = decode(payload);
  const claims: Json = parseJson(claimsJson);
  if (!isObject(claims)) throw new TypeError("the claims are no object");
  return { headerJson: decode(header), claimsJson, claims, signed: `${header}.${payload}`, signature };
}

function encode(part: JsonObject): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function decode(part: string): string {
  const bytes = Buffer.from(part, "base64url");
  if (bytes.toString("base64url") !== part) throw new TypeError("not canonical base64url");
  return bytes.toString("utf8");
}
