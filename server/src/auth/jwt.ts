import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

import { nestsDeeper } from "../json-depth.ts";

/** A signed token's content, not yet checked for what it claims. */
export type Claims = ReadonlyMap<string, unknown>;

type HmacAlgorithm = "HS256" | "HS384" | "HS512";

/** The token is not one of ours, or not any more: its signature, form, algorithm or times are wrong. */
export class InvalidToken extends Error {}

export interface JwtCodec {
  /** Signs claims, in the order given. */
  encode(claims: Readonly<Record<string, unknown>>): string;
  /**
   * Checks form, algorithm, signature, `exp`, `nbf`, `iat`, `aud` and `iss`.
   * @throws InvalidToken
   */
  decode(token: string): Claims;
}

interface CodecOptions {
  readonly algorithm: HmacAlgorithm;
  readonly signingKey: string;
  readonly audience: string | readonly string[] | undefined;
  readonly issuer: string | undefined;
  readonly leewaySeconds: number;
  /** Whole seconds since 1970. */
  readonly now: () => number;
}

/**
 * How many verified tokens are remembered: a client sends its token with every request, and a tenth of a page's time went
 * into verifying it again. Only tokens signed under the key get in, so nobody without it can push others out.
 */
const VERIFIED_MAX = 2000;

const HASH = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;
/** Longer tokens are not looked at: no header of ours is that long. */
const TOKEN_MAX_LENGTH = 8192;
/** Claims nest no deeper in any token of ours; a deeper one is refused before its JSON is built. */
const JSON_MAX_DEPTH = 16;
/** The last second of year 9999: later times are not dates (contract: defects.json, "exp far beyond any date"). */
export const LAST_SECOND = 253_402_300_799;

/**
 * JSON Web Tokens under one HMAC key and one algorithm (RFC 7515, 7519; best practice RFC 8725). Nothing in a token chooses
 * the key or the algorithm, and a signature has one spelling.
 */
export function createJwtCodec(options: CodecOptions): JwtCodec {
  const key = createSecretKey(Buffer.from(options.signingKey, "utf8"));
  const header = toBase64url(JSON.stringify({ alg: options.algorithm, typ: "JWT" }));
  const verified = new Map<string, Claims>();

  /** The claims of a token that was signed under the key, at whatever time. */
  const verify = (token: string): Claims => {
    if (token.length > TOKEN_MAX_LENGTH) throw new InvalidToken("too long");
    const [head, payload, signature, ...rest] = token.split(".");
    if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) {
      throw new InvalidToken("not three parts");
    }
    if (head !== header) checkHeader(parseObject(head), options.algorithm);
    const expected = sign(token.slice(0, token.length - signature.length - 1), options.algorithm, key);
    if (!timingSafeEqual(expected, fromBase64url(signature, expected.length))) throw new InvalidToken("signature");
    return parseObject(payload);
  };

  return {
    encode(claims) {
      const signed = `${header}.${toBase64url(JSON.stringify(claims))}`;
      return `${signed}.${sign(signed, options.algorithm, key).toString("base64url")}`;
    },
    decode(token) {
      let claims = verified.get(token);
      if (claims === undefined) {
        claims = verify(token);
        if (verified.size >= VERIFIED_MAX) forgetOldest(verified);
        verified.set(token, claims);
      }
      checkTimes(claims, options.now(), options.leewaySeconds);
      checkAudience(claims, options.audience);
      if (options.issuer !== undefined && claims.get("iss") !== options.issuer) throw new InvalidToken("iss");
      return claims;
    },
  };
}

function forgetOldest(remembered: Map<string, Claims>) {
  for (const token of remembered.keys()) {
    remembered.delete(token);
    return;
  }
}

const sign = (text: string, algorithm: HmacAlgorithm, key: KeyObject) =>
  createHmac(HASH[algorithm], key).update(text).digest();

const toBase64url = (text: string) => Buffer.from(text, "utf8").toString("base64url");

/** Strict: no padding, no other alphabet, no stray bits, so that one token has one spelling. */
function fromBase64url(text: string, length?: number): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new InvalidToken("base64url");
  if (length !== undefined && bytes.length !== length) throw new InvalidToken("signature length");
  return bytes;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseObject(part: string): Claims {
  try {
    const text = utf8.decode(fromBase64url(part));
    if (nestsDeeper(text, JSON_MAX_DEPTH)) throw new InvalidToken("nested too deeply");
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new InvalidToken("not an object");
    return new Map(Object.entries(value));
  } catch (error) {
    throw error instanceof InvalidToken ? error : new InvalidToken("not JSON", { cause: error });
  }
}

/** `typ` may say what it likes; extensions we must understand (`crit`, RFC 7515 4.1.11) are refused: there are none. */
function checkHeader(header: Claims, algorithm: HmacAlgorithm) {
  if (header.get("alg") !== algorithm) throw new InvalidToken("alg");
  if (header.has("crit") || header.has("b64") || header.has("enc")) throw new InvalidToken("crit");
}

const isTime = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= LAST_SECOND;

function checkTimes(claims: Claims, now: number, leeway: number) {
  for (const name of ["exp", "nbf", "iat"]) {
    if (claims.has(name) && !isTime(claims.get(name))) throw new InvalidToken(name);
  }
  const [exp, nbf, iat] = [claims.get("exp"), claims.get("nbf"), claims.get("iat")];
  if (isTime(iat) && iat > now + leeway) throw new InvalidToken("iat");
  if (isTime(nbf) && nbf > now + leeway) throw new InvalidToken("nbf");
  if (isTime(exp) && exp <= now - leeway) throw new InvalidToken("exp");
}

/** `aud` is required where one is configured, and not looked at where none is (simplejwt's AUDIENCE). */
function checkAudience(claims: Claims, wanted: string | readonly string[] | undefined) {
  if (wanted === undefined) return;
  const given = claims.get("aud");
  const audiences = Array.isArray(given) ? given : [given];
  const accepted = typeof wanted === "string" ? [wanted] : wanted;
  if (!audiences.every((one) => typeof one === "string") || !audiences.some((one) => accepted.includes(one))) {
    throw new InvalidToken("aud");
  }
}
