import { randomUUID } from "node:crypto";

import { type Clock, toMoment } from "../clock.ts";
import type { JwtSettings } from "../config.ts";
import { type Claims, InvalidToken, isTime, type JwtCodec, LAST_SECOND } from "./jwt.ts";

type TokenType = "access" | "refresh" | "sliding";

/** A token that cannot be used here; `message` is the contract's text. */
export class TokenError extends Error {}

/** The token would be good, had it not been used or blacklisted before. */
export class Blacklisted extends TokenError {
  constructor() {
    super("Token is blacklisted");
  }
}

/** A checked token: its claims, and those of them that every token has. */
export interface Token {
  readonly claims: Claims;
  readonly jti: string;
  /** When it ends, and a sliding token's last successor, which has the same id: in seconds since 1970. */
  readonly expiresAt: number;
}

/** A token as it is given out. */
export interface IssuedToken {
  readonly text: string;
  readonly jti: string;
  /** As a `Token`'s. */
  readonly expiresAt: number;
}

/** A refresh token and an access token that came of it. */
export interface IssuedPair {
  readonly refresh: IssuedToken;
  readonly access: string;
}

export interface Tokens {
  /**
   * A new pair for a user (contract: jwt.json, "from obtain").
   * @param extra claims beside the common ones; none of their names
   */
  issue(userId: string, extra: Claims): IssuedPair;
  /** A new sliding token for a user. */
  issueSliding(userId: string, extra: Claims): IssuedToken;
  /** The successor pair of a refresh token: its claims go on, `jti`, `exp` and the refresh token's `iat` are new. */
  renew(refresh: Token): IssuedPair;
  /** An access token out of a refresh token; without rotation the refresh token itself stays. */
  accessFrom(refresh: Token): string;
  /**
   * A sliding token's successor: its claims and `jti` go on, `exp` and `iat` are new.
   * @throws TokenError where the time in which it may be refreshed is over, or not told
   */
  slide(sliding: Token): string;
  /** Fetches the key a token needs, where it is to be fetched: awaited before the token is read. Never rejects. */
  fetchKey(token: string): Promise<void> | undefined;
  /**
   * Checks a token of any type: signature, times, `exp` and `jti` present.
   * @throws TokenError
   */
  read(token: string): Token;
  /**
   * The same, and that it is of a type wanted.
   * @throws TokenError
   */
  readAs(type: TokenType | readonly TokenType[], token: string): Token;
  /** The moment until which a token that ends at `expiresAt` may be taken, leeway and all. */
  acceptedUntil(expiresAt: number): string;
  /** The user the token is of; undefined where the claim is missing or is no id. */
  userId(token: Token): string | undefined;
}

const INVALID_OR_EXPIRED = "Token is invalid or expired";
/** 1 to 255 printable characters: what the Django app's column holds. */
const JTI = /^[\x21-\x7e]{1,255}$/;
const USER_ID_MAX_LENGTH = 255;

/** Tokens as djangorestframework-simplejwt makes and checks them (contract: jwt.json, token-*.json). */
export function createTokens(codec: JwtCodec, settings: JwtSettings, clock: Clock): Tokens {
  const { tokenTypeClaim, jtiClaim, userIdClaim, sliding, leewaySeconds } = settings;
  const lifetime = { access: settings.accessTokenLifetimeSeconds, refresh: settings.refreshTokenLifetimeSeconds };
  const named = {
    ...(settings.audience === undefined ? {} : { aud: settings.audience }),
    ...(settings.issuer === undefined ? {} : { iss: settings.issuer }),
  };
  const newJti = () => randomUUID().replaceAll("-", "");

  /** The claims of a new token, in simplejwt's order; those of its type are still to be filled in. */
  const claimsFor = (userId: string, own: Readonly<Record<string, unknown>>, extra: Claims): Claims =>
    new Map<string, unknown>([
      [tokenTypeClaim, ""],
      ["exp", 0],
      ["iat", clock.seconds()],
      [jtiClaim, ""],
      ...Object.entries(own),
      [userIdClaim, userId],
      ...extra,
      ...Object.entries(named),
    ]);

  /** Every claim of `from` in its order, with the type, times and id of a new token. */
  const encode = (from: Claims, type: TokenType, times: { exp: number; iat?: number }, jti: string) => {
    const claims = new Map(from).set(tokenTypeClaim, type).set("exp", times.exp).set(jtiClaim, jti);
    if (times.iat !== undefined) claims.set("iat", times.iat);
    return codec.encode(Object.fromEntries(claims));
  };

  const pair = (from: Claims, iat: number): IssuedPair => {
    const now = clock.seconds();
    const jti = newJti();
    const expiresAt = now + lifetime.refresh;
    return {
      refresh: { text: encode(from, "refresh", { exp: expiresAt, iat: now }, jti), jti, expiresAt },
      access: encode(from, "access", { exp: now + lifetime.access, iat }, newJti()),
    };
  };

  const refreshExpOf = (claims: Claims): unknown =>
    claims.get(tokenTypeClaim) === "sliding" ? claims.get(sliding.refreshExpClaim) : undefined;

  /** A sliding token may be refreshed until the last moment, for a whole lifetime more. */
  const endOf = (claims: Claims, exp: number): number => {
    const refreshExp = refreshExpOf(claims);
    return isTime(refreshExp) ? Math.max(exp, refreshExp + leewaySeconds + sliding.lifetimeSeconds) : exp;
  };

  const read = (token: string): Token => {
    const claims = decode(codec, token);
    const [exp, jti] = [claims.get("exp"), claims.get(jtiClaim)];
    if (typeof exp !== "number") throw new TokenError("Token has no 'exp' claim");
    if (jti === undefined || jti === null) throw new TokenError("Token has no id");
    if (typeof jti !== "string" || !JTI.test(jti)) throw new TokenError(INVALID_OR_EXPIRED);
    return { claims, jti, expiresAt: endOf(claims, exp) };
  };

  return {
    issue: (userId, extra) => pair(claimsFor(userId, {}, extra), clock.seconds()),
    issueSliding(userId, extra) {
      const now = clock.seconds();
      const jti = newJti();
      const refreshExp = now + sliding.refreshLifetimeSeconds;
      const claims = claimsFor(userId, { [sliding.refreshExpClaim]: refreshExp }, extra);
      const exp = now + sliding.lifetimeSeconds;
      const text = encode(claims, "sliding", { exp }, jti);
      return { text, jti, expiresAt: Math.max(exp, refreshExp + leewaySeconds + sliding.lifetimeSeconds) };
    },
    renew(refresh) {
      const iat = refresh.claims.get("iat");
      return pair(refresh.claims, typeof iat === "number" ? iat : clock.seconds());
    },
    accessFrom: ({ claims }) => encode(claims, "access", { exp: clock.seconds() + lifetime.access }, newJti()),
    slide({ claims, jti }) {
      const { refreshExpClaim } = sliding;
      const refreshExp = refreshExpOf(claims);
      const now = clock.seconds();
      if (refreshExp === undefined) throw new TokenError(`Token has no '${refreshExpClaim}' claim`);
      if (!isTime(refreshExp)) throw new TokenError(INVALID_OR_EXPIRED);
      if (refreshExp <= now - leewaySeconds) throw new TokenError(`Token '${refreshExpClaim}' claim has expired`);
      return encode(claims, "sliding", { exp: now + sliding.lifetimeSeconds, iat: now }, jti);
    },
    fetchKey: (token) => codec.fetchKey(token),
    read,
    readAs(type, token) {
      const checked = read(token);
      const given = checked.claims.get(tokenTypeClaim);
      if (given === undefined) throw new TokenError("Token has no type");
      const isWanted = typeof type === "string" ? given === type : type.some((one) => one === given);
      if (!isWanted) throw new TokenError("Token has wrong type");
      return checked;
    },
    acceptedUntil: (expiresAt) => toMoment(Math.min(Math.ceil(expiresAt) + leewaySeconds, LAST_SECOND) * 1_000_000),
    userId({ claims }) {
      const id = claims.get(userIdClaim);
      if (typeof id === "number" && Number.isSafeInteger(id)) return String(id);
      return typeof id === "string" && isIdText(id) ? id : undefined;
    },
  };
}

/** Text that both databases can hold: nobody has another id. */
const isIdText = (text: string) => text.length <= USER_ID_MAX_LENGTH && !text.includes("\0") && text.isWellFormed();

function decode(codec: JwtCodec, token: string): Claims {
  try {
    return codec.decode(token);
  } catch (error) {
    throw error instanceof InvalidToken ? new TokenError(INVALID_OR_EXPIRED, { cause: error }) : error;
  }
}
