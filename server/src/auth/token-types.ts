import { randomUUID } from "node:crypto";

import { type Clock, toMoment } from "../clock.ts";
import type { JwtSettings } from "../config.ts";
import { type Claims, InvalidToken, type JwtCodec, LAST_SECOND } from "./jwt.ts";

type TokenType = "access" | "refresh";

/** A token that cannot be used here; `message` is the contract's text. */
export class TokenError extends Error {}

/** A checked token: its claims, and those of them that every token has. */
export interface Token {
  readonly claims: Claims;
  readonly jti: string;
  readonly expiresAt: number;
}

export interface TokenPairOfUser {
  readonly refresh: string;
  readonly access: string;
  readonly jti: string;
  readonly expiresAt: number;
}

export interface Tokens {
  /** A new pair for a user (contract: jwt.json, "from obtain"). */
  issue(userId: string): TokenPairOfUser;
  /** The successor pair of a refresh token: its claims go on, `jti`, `exp` and the refresh token's `iat` are new. */
  renew(refresh: Token): TokenPairOfUser;
  /** An access token out of a refresh token; without rotation the refresh token itself stays. */
  accessFrom(refresh: Token): string;
  /**
   * Checks a token of any type: signature, times, `exp` and `jti` present.
   * @throws TokenError
   */
  read(token: string): Token;
  /**
   * The same, and that it is of the type wanted.
   * @throws TokenError
   */
  readAs(type: TokenType, token: string): Token;
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
  const { tokenTypeClaim, jtiClaim, userIdClaim } = settings;
  const lifetime = { access: settings.accessTokenLifetimeSeconds, refresh: settings.refreshTokenLifetimeSeconds };
  const extras = {
    ...(settings.audience === undefined ? {} : { aud: settings.audience }),
    ...(settings.issuer === undefined ? {} : { iss: settings.issuer }),
  };
  const newJti = () => randomUUID().replaceAll("-", "");

  /** Every claim of `from` in its order, with the type, times and id of a new token. */
  const encode = (from: Claims, type: TokenType, times: { exp: number; iat?: number }, jti: string) => {
    const claims = new Map(from).set(tokenTypeClaim, type).set("exp", times.exp).set(jtiClaim, jti);
    if (times.iat !== undefined) claims.set("iat", times.iat);
    return codec.encode(Object.fromEntries(claims));
  };

  const pair = (from: Claims, iat: number): TokenPairOfUser => {
    const now = clock.seconds();
    const jti = newJti();
    const expiresAt = now + lifetime.refresh;
    return {
      refresh: encode(from, "refresh", { exp: expiresAt, iat: now }, jti),
      access: encode(from, "access", { exp: now + lifetime.access, iat }, newJti()),
      jti,
      expiresAt,
    };
  };

  const read = (token: string): Token => {
    const claims = decode(codec, token);
    const [exp, jti] = [claims.get("exp"), claims.get(jtiClaim)];
    if (typeof exp !== "number") throw new TokenError("Token has no 'exp' claim");
    if (jti === undefined || jti === null) throw new TokenError("Token has no id");
    if (typeof jti !== "string" || !JTI.test(jti)) throw new TokenError(INVALID_OR_EXPIRED);
    return { claims, jti, expiresAt: exp };
  };

  return {
    issue(userId) {
      const now = clock.seconds();
      return pair(
        new Map<string, unknown>([
          [tokenTypeClaim, ""],
          ["exp", 0],
          ["iat", now],
          [jtiClaim, ""],
          [userIdClaim, userId],
          ...Object.entries(extras),
        ]),
        now,
      );
    },
    renew(refresh) {
      const iat = refresh.claims.get("iat");
      return pair(refresh.claims, typeof iat === "number" ? iat : clock.seconds());
    },
    accessFrom: ({ claims }) => encode(claims, "access", { exp: clock.seconds() + lifetime.access }, newJti()),
    read,
    readAs(type, token) {
      const checked = read(token);
      const given = checked.claims.get(tokenTypeClaim);
      if (given === undefined) throw new TokenError("Token has no type");
      if (given !== type) throw new TokenError("Token has wrong type");
      return checked;
    },
    acceptedUntil: (expiresAt) =>
      toMoment(Math.min(Math.ceil(expiresAt) + settings.leewaySeconds, LAST_SECOND) * 1_000_000),
    userId({ claims }) {
      const id = claims.get(userIdClaim);
      if (typeof id === "number" && Number.isSafeInteger(id)) return String(id);
      return typeof id === "string" && id.length <= USER_ID_MAX_LENGTH ? id : undefined;
    },
  };
}

function decode(codec: JwtCodec, token: string): Claims {
  try {
    return codec.decode(token);
  } catch (error) {
    throw error instanceof InvalidToken ? new TokenError(INVALID_OR_EXPIRED, { cause: error }) : error;
  }
}
