import type { SettingsReading } from "./reading.ts";
import type { Config, JwtSettings, PostgresSettings } from "./resolved.ts";
import type { Setting } from "./setting.ts";
import { keyProblems } from "./signing-key.ts";
import { simpleJwt } from "./simple-jwt.ts";
import { topLevel } from "./top-level.ts";

/** Settings that are each well formed and cannot be meant together. */
export function contradictions(
  settings: SettingsReading,
  jwt: JwtSettings,
  pages: Pick<Config, "pageSize" | "maxPageSize">,
  postgres: PostgresSettings,
): readonly string[] {
  return [
    ...rotationProblems(settings, jwt),
    ...lifetimeProblems(settings, jwt),
    ...keyProblems(settings, jwt),
    ...claimProblems(settings, jwt),
    ...pageProblems(settings, pages),
    ...timeoutProblems(settings, postgres),
  ];
}

function rotationProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const { ROTATE_REFRESH_TOKENS: rotate, BLACKLIST_AFTER_ROTATION: blacklist } = simpleJwt;
  const blacklistIsWanted = settings.isGiven(blacklist) && settings.read(blacklist);
  if (!settings.areSound(rotate, blacklist) || jwt.rotateRefreshTokens || !blacklistIsWanted) return [];
  return [
    `${settings.labelOf(blacklist)} is true, but ${settings.labelOf(rotate)} is false, so no token is ever rotated; ` +
      "write true for both, or leave BLACKLIST_AFTER_ROTATION out",
  ];
}

function lifetimeProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const { ACCESS_TOKEN_LIFETIME: access, REFRESH_TOKEN_LIFETIME: refresh } = simpleJwt;
  const accessIsLonger = jwt.accessTokenLifetimeSeconds > jwt.refreshTokenLifetimeSeconds;
  if (!settings.areSound(access, refresh) || !accessIsLonger) return [];
  return [
    `${settings.labelOf(access)} is ${jwt.accessTokenLifetimeSeconds} seconds, longer than ${settings.labelOf(refresh)} ` +
      `with ${jwt.refreshTokenLifetimeSeconds} seconds; write a shorter one, or a longer REFRESH_TOKEN_LIFETIME`,
  ];
}

function claimProblems(settings: SettingsReading, jwt: JwtSettings): readonly string[] {
  const claims: readonly (readonly [Setting<string>, string])[] = [
    [simpleJwt.USER_ID_CLAIM, jwt.userIdClaim],
    [simpleJwt.TOKEN_TYPE_CLAIM, jwt.tokenTypeClaim],
    [simpleJwt.JTI_CLAIM, jwt.jtiClaim],
    ...(jwt.authTokenClasses.includes("sliding")
      ? [[simpleJwt.SLIDING_TOKEN_REFRESH_EXP_CLAIM, jwt.sliding.refreshExpClaim] as const]
      : []),
    ...(jwt.checkRevokeToken ? [[simpleJwt.REVOKE_TOKEN_CLAIM, jwt.revokeTokenClaim] as const] : []),
  ];
  return claims.flatMap(([later, name], index) =>
    claims
      .slice(0, index)
      .filter(([earlier, earlierName]) => earlierName === name && settings.areSound(earlier, later))
      .map(
        ([earlier]) =>
          `${settings.labelOf(later)} and ${settings.labelOf(earlier)} are both "${name}"; write a different claim name for each`,
      ),
  );
}

function pageProblems(settings: SettingsReading, pages: Pick<Config, "pageSize" | "maxPageSize">): readonly string[] {
  const { PAGE_SIZE, MAX_PAGE_SIZE } = topLevel;
  if (!settings.areSound(PAGE_SIZE, MAX_PAGE_SIZE) || pages.pageSize <= pages.maxPageSize) return [];
  return [
    `${settings.labelOf(PAGE_SIZE)} is ${pages.pageSize}, more than ${settings.labelOf(MAX_PAGE_SIZE)} with ${pages.maxPageSize}; ` +
      "write a smaller one, or a larger MAX_PAGE_SIZE",
  ];
}

function timeoutProblems(settings: SettingsReading, postgres: PostgresSettings): readonly string[] {
  const { DATABASE_LOCK_TIMEOUT: lock, DATABASE_STATEMENT_TIMEOUT: statement } = topLevel;
  const { lockTimeoutMs, statementTimeoutMs } = postgres;
  if (!settings.areSound(lock, statement) || lockTimeoutMs < statementTimeoutMs) return [];
  return [
    `${settings.labelOf(lock)} is ${lockTimeoutMs / 1000} seconds, not shorter than ${settings.labelOf(statement)} ` +
      `with ${statementTimeoutMs / 1000} seconds; write a shorter one, or a longer DATABASE_STATEMENT_TIMEOUT`,
  ];
}
