import { join, relative, resolve, isAbsolute } from "node:path";
import { isSymmetric } from "../auth/algorithms.ts";
import { contradictions } from "./contradictions.ts";
import type { DatabaseLocation } from "./database-url.ts";
import { certificateFilesOf } from "./postgres-url.ts";
import { readSettings, type SettingsReading } from "./reading.ts";
import type { Config, JwtSettings, PostgresSettings } from "./resolved.ts";
import { weakKeyWarning } from "./signing-key.ts";
import { simpleJwt } from "./simple-jwt.ts";
import { gatherSettings, type Sources } from "./sources.ts";
import { earshot, topLevel } from "./top-level.ts";

export interface Resolution {
  /** Undefined where there are problems, or no secret key yet. */
  readonly config: Config | undefined;
  readonly problems: readonly string[];
  /** Absolute. */
  readonly dataDir: string;
  readonly hasSecretKey: boolean;
  /** Whether the database is a file in the data folder. */
  readonly databaseIsInDataDir: boolean;
  /** The files DATABASE_URL names for TLS, by its parameters. */
  readonly certificateFiles: ReadonlyMap<string, string>;
}

/** Turns settings into the configuration. Pure: reads and writes nothing. `root` is absolute; relative paths start there. */
export function resolveSettings(sources: Sources, root: string): Resolution {
  const given = gatherSettings(sources);
  const settings = readSettings(given);

  const dataDir = resolve(root, settings.read(topLevel.EARSHOT_DATA_DIR));
  const database = absolute(settings.read(topLevel.DATABASE_URL), root) ?? {
    kind: "file",
    path: join(dataDir, "earshot.db"),
  };
  const secretKey = settings.read(topLevel.SECRET_KEY);
  const jwt = readJwt(settings, secretKey);
  const postgres = readPostgres(settings);
  const rest = readRest(settings);
  const problems = [...settings.problems, ...contradictions(settings, jwt, rest, postgres)];

  const weakness = secretKey === undefined ? undefined : weakKeyWarning(secretKey);
  const warnings =
    weakness === undefined ? [] : [`${settings.labelOf(topLevel.SECRET_KEY)} ${weakness}; write a longer random text`];
  const resolved = {
    dataDir,
    databaseUrl: urlOf(database),
    postgres,
    ...rest,
    warnings: [...given.warnings, ...warnings],
  };
  const isComplete = problems.length === 0 && secretKey !== undefined;
  return {
    config: isComplete ? { secretKey, ...resolved, jwt } : undefined,
    problems,
    dataDir,
    hasSecretKey: secretKey !== undefined,
    databaseIsInDataDir: database.kind === "file" && isInside(database.path, dataDir),
    certificateFiles: database.kind === "postgres" ? certificateFilesOf(database.url) : new Map(),
  };
}

function readJwt(settings: SettingsReading, secretKey: string | undefined): JwtSettings {
  // USER_ID_FIELD is read for its problems only: both its values mean the user's id.
  settings.read(simpleJwt.USER_ID_FIELD);
  const rotateRefreshTokens = settings.read(simpleJwt.ROTATE_REFRESH_TOKENS);
  const blacklist = settings.read(simpleJwt.BLACKLIST_AFTER_ROTATION);
  const algorithm = settings.read(simpleJwt.ALGORITHM);
  const signingKey = settings.read(simpleJwt.SIGNING_KEY);
  return {
    accessTokenLifetimeSeconds: settings.read(simpleJwt.ACCESS_TOKEN_LIFETIME),
    refreshTokenLifetimeSeconds: settings.read(simpleJwt.REFRESH_TOKEN_LIFETIME),
    rotateRefreshTokens,
    blacklistAfterRotation: rotateRefreshTokens && blacklist,
    updateLastLogin: settings.read(simpleJwt.UPDATE_LAST_LOGIN),
    algorithm,
    signingKey: signingKey ?? (isSymmetric(algorithm) ? secretKey : undefined),
    verifyingKey: settings.read(simpleJwt.VERIFYING_KEY),
    earlierVerifyingKeys: settings.read(earshot.VERIFYING_KEYS),
    jwkUrl: settings.read(simpleJwt.JWK_URL),
    audience: settings.read(simpleJwt.AUDIENCE),
    issuer: settings.read(simpleJwt.ISSUER),
    leewaySeconds: settings.read(simpleJwt.LEEWAY),
    authHeaderTypes: settings.read(simpleJwt.AUTH_HEADER_TYPES),
    authHeaderName: settings.read(simpleJwt.AUTH_HEADER_NAME),
    userIdClaim: settings.read(simpleJwt.USER_ID_CLAIM),
    tokenTypeClaim: settings.read(simpleJwt.TOKEN_TYPE_CLAIM),
    jtiClaim: settings.read(simpleJwt.JTI_CLAIM),
    authTokenClasses: settings.read(simpleJwt.AUTH_TOKEN_CLASSES),
    sliding: {
      lifetimeSeconds: settings.read(simpleJwt.SLIDING_TOKEN_LIFETIME),
      refreshLifetimeSeconds: settings.read(simpleJwt.SLIDING_TOKEN_REFRESH_LIFETIME),
      refreshExpClaim: settings.read(simpleJwt.SLIDING_TOKEN_REFRESH_EXP_CLAIM),
    },
    checkRevokeToken: settings.read(simpleJwt.CHECK_REVOKE_TOKEN),
    revokeTokenClaim: settings.read(simpleJwt.REVOKE_TOKEN_CLAIM),
    checkUserIsActive: settings.read(simpleJwt.CHECK_USER_IS_ACTIVE),
    hooks: {
      userAuthenticationRule: settings.read(simpleJwt.USER_AUTHENTICATION_RULE),
      onLoginSuccess: settings.read(simpleJwt.ON_LOGIN_SUCCESS),
      onLoginFailed: settings.read(simpleJwt.ON_LOGIN_FAILED),
      claims: settings.read(earshot.CLAIMS),
    },
  };
}

function readPostgres(settings: SettingsReading): PostgresSettings {
  return {
    poolSize: settings.read(topLevel.DATABASE_POOL_SIZE),
    statementTimeoutMs: settings.read(topLevel.DATABASE_STATEMENT_TIMEOUT) * 1000,
    lockTimeoutMs: settings.read(topLevel.DATABASE_LOCK_TIMEOUT) * 1000,
    idleTransactionTimeoutMs: settings.read(topLevel.DATABASE_IDLE_TRANSACTION_TIMEOUT) * 1000,
    pooler: settings.read(topLevel.DATABASE_POOLER),
  };
}

function readRest(settings: SettingsReading) {
  return {
    host: settings.read(topLevel.HOST),
    port: settings.read(topLevel.PORT),
    allowedHosts: settings.read(topLevel.ALLOWED_HOSTS),
    session: {
      cookieAgeSeconds: settings.read(topLevel.SESSION_COOKIE_AGE),
      cookieSecure: settings.read(topLevel.SESSION_COOKIE_SECURE),
      csrfCookieSecure: settings.read(topLevel.CSRF_COOKIE_SECURE),
    },
    refreshRaceSeconds: settings.read(earshot.REFRESH_RACE_WINDOW),
    pageSize: settings.read(topLevel.PAGE_SIZE),
    maxPageSize: settings.read(topLevel.MAX_PAGE_SIZE),
    logLevel: settings.read(topLevel.LOG_LEVEL),
  };
}

function urlOf(location: DatabaseLocation): string {
  if (location.kind === "postgres") return location.url;
  return location.kind === "memory" ? "sqlite::memory:" : `sqlite:${location.path}`;
}

function absolute(location: DatabaseLocation | undefined, root: string): DatabaseLocation | undefined {
  return location?.kind === "file" ? { kind: "file", path: resolve(root, location.path) } : location;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && !/^\.\.($|[/\\])/.test(way);
}
