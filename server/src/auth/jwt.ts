import { nestsDeeper } from "../json-depth.ts";
import type { Algorithm } from "../settings/words.ts";
import type { Keys } from "./keys.ts";

/** A signed token's content, not yet checked for what it claims. */
export type Claims = ReadonlyMap<string, unknown>;

/** The token is not one of ours, or not any more: its signature, form, algorithm or times are wrong. */
export class InvalidToken extends Error {}

export interface JwtCodec {
  /** Signs claims, in the order given. @throws Error where there is no key to sign with */
  encode(claims: Readonly<Record<string, unknown>>): string;
  /**
   * Fetches the key the token was signed with, where it is not at hand and may be fetched: awaited before `decode`. Undefined,
   * at once, where there is nothing to wait for. Never rejects.
   */
  fetchKey(token: string): Promise<void> | undefined;
  /**
   * Checks form, algorithm, signature, `exp`, `nbf`, `iat`, `aud` and `iss`.
   * @throws InvalidToken
   */
  decode(token: string): Claims;
}

interface CodecOptions {
  readonly keys: Keys;
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

/** Longer tokens are not looked at: no header of ours is that long. */
const TOKEN_MAX_LENGTH = 8192;
/** Claims nest no deeper in any token of ours; a deeper one is refused before its JSON is built. */
export const JSON_MAX_DEPTH = 16;
/** The last second of year 9999: later times are not dates (contract: defects.json, "exp far beyond any date"). */
export const LAST_SECOND = 253_402_300_799;

/**
 * JSON Web Tokens under one algorithm and the keys for it (RFC 7515, 7519; best practice RFC 8725). Nothing in a token brings
 * a key or chooses the algorithm.
 */
export function createJwtCodec({ keys, ...options }: CodecOptions): JwtCodec {
  const { algorithm } = keys;
  const header = toBase64url(JSON.stringify({ alg: algorithm, typ: "JWT" }));
  const verified = new Map<string, Claims>();
  let verifiedUnder = keys.generation();

  /** The claims of a token that was signed under one of the keys, at whatever time. */
  const verify = (token: string): Claims => {
    const { head, payload, signature } = split(token);
    const kid = head === header ? undefined : readHeader(head, algorithm).get("kid");
    const signed = token.slice(0, head.length + 1 + payload.length);
    const bytes = fromBase64url(signature);
    const isSigned = keys
      .verifiersFor(kid)
      .some(({ signatureBytes, verifies }) => signatureBytes === bytes.length && verifies(signed, bytes));
    if (!isSigned) throw new InvalidToken("signature");
    return parseObject(payload);
  };

  const remembered = (token: string): Claims | undefined => {
    const generation = keys.generation();
    if (generation === verifiedUnder) return verified.get(token);
    verified.clear();
    verifiedUnder = generation;
    return undefined;
  };

  return {
    encode(claims) {
      if (keys.sign === undefined) throw new Error("there is no key to sign with");
      const signed = `${header}.${toBase64url(JSON.stringify(claims))}`;
      return `${signed}.${keys.sign(signed).toString("base64url")}`;
    },
    fetchKey(token) {
      if (keys.fetchFor === undefined) return undefined;
      try {
        return keys.fetchFor(readHeader(split(token).head, algorithm).get("kid"));
      } catch (error) {
        // What is wrong with it, `decode` says.
        if (error instanceof InvalidToken) return undefined;
        throw error;
      }
    },
    decode(token) {
      let claims = remembered(token);
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

function split(token: string): { readonly head: string; readonly payload: string; readonly signature: string } {
  if (token.length > TOKEN_MAX_LENGTH) throw new InvalidToken("too long");
  const [head, payload, signature, ...rest] = token.split(".");
  if (head === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw new InvalidToken("not three parts");
  }
  return { head, payload, signature };
}

const toBase64url = (text: string) => Buffer.from(text, "utf8").toString("base64url");

/** Strict: no padding, no other alphabet, no stray bits, so that the same bytes have one spelling. */
function fromBase64url(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new InvalidToken("base64url");
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
function readHeader(part: string, algorithm: Algorithm): Claims {
  const header = parseObject(part);
  if (header.get("alg") !== algorithm) throw new InvalidToken("alg");
  if (header.has("crit") || header.has("b64") || header.has("enc")) throw new InvalidToken("crit");
  return header;
}

export const isTime = (value: unknown): value is number =>
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
