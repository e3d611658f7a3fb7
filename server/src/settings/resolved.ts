import type { Hooks } from "./simple-jwt-hooks.ts";
import type { Algorithm, LogLevel, Pooler, TokenClass } from "./words.ts";

/** `SIMPLE_JWT`, resolved. */
export interface JwtSettings {
  readonly accessTokenLifetimeSeconds: number;
  readonly refreshTokenLifetimeSeconds: number;
  readonly rotateRefreshTokens: boolean;
  readonly blacklistAfterRotation: boolean;
  readonly updateLastLogin: boolean;
  readonly algorithm: Algorithm;
  /**
   * For HMAC the secret, which is the UTF-8 bytes of this text; else the private key as PEM, undefined where tokens are checked
   * here but made elsewhere.
   */
  readonly signingKey: string | undefined;
  /** The public key as PEM; undefined: the signing key's. */
  readonly verifyingKey: string | undefined;
  /** Secrets or public keys that signed before, and whose tokens are still good. */
  readonly earlierVerifyingKeys: readonly string[];
  /** Where further verifying keys are fetched by the `kid` of a token. */
  readonly jwkUrl: string | undefined;
  readonly audience: string | readonly string[] | undefined;
  readonly issuer: string | undefined;
  readonly leewaySeconds: number;
  readonly authHeaderTypes: readonly string[];
  /** Lower case, as Node names headers. */
  readonly authHeaderName: string;
  readonly userIdClaim: string;
  readonly tokenTypeClaim: string;
  readonly jtiClaim: string;
  /** The types of tokens that prove who a user is, in the order they are tried. */
  readonly authTokenClasses: readonly TokenClass[];
  readonly sliding: {
    readonly lifetimeSeconds: number;
    readonly refreshLifetimeSeconds: number;
    readonly refreshExpClaim: string;
  };
  /** Whether a token ends with the password it was obtained by. */
  readonly checkRevokeToken: boolean;
  readonly revokeTokenClaim: string;
  /** Whether inactive users are refused. */
  readonly checkUserIsActive: boolean;
  readonly hooks: Hooks;
}

/** How one process uses PostgreSQL; without effect on SQLite. Times in milliseconds. */
export interface PostgresSettings {
  /** Connections that one process opens at most. */
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /** Less than `statementTimeoutMs`. */
  readonly lockTimeoutMs: number;
  readonly idleTransactionTimeoutMs: number;
  /** `transaction`: behind a pooler that hands out connections for one transaction each. */
  readonly pooler: Pooler;
}

/** Everything the server is told from outside, checked and complete. */
export interface Config {
  readonly secretKey: string;
  /** `sqlite:` with an absolute path, `sqlite::memory:`, or `postgres://…` or `postgresql://…`, which may hold a password. */
  readonly databaseUrl: string;
  readonly postgres: PostgresSettings;
  /** Absolute. */
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** Lower case. Empty: loopback names and IP literals only. */
  readonly allowedHosts: readonly string[];
  readonly jwt: JwtSettings;
  readonly session: {
    readonly cookieAgeSeconds: number;
    readonly cookieSecure: boolean;
    readonly csrfCookieSecure: boolean;
  };
  /** How long the refresh token just superseded is answered as a race and not as theft. */
  readonly refreshRaceSeconds: number;
  readonly pageSize: number;
  readonly maxPageSize: number;
  readonly logLevel: LogLevel;
  /** What does not stop the start but should be known, one sentence each; never holds a secret. */
  readonly warnings: readonly string[];
}
