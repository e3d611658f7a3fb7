import { type Claims, JSON_MAX_DEPTH } from "../auth/jwt.ts";
import type { JwtSettings } from "../config.ts";
import { nestsDeeper } from "../json-depth.ts";
import type { Log } from "../log.ts";
import type { Hooks, HookUser } from "../settings/simple-jwt-hooks.ts";
import { TryLater } from "../try-later.ts";

/** What a function of the settings file may add to a token, as JSON: the token still fits a request's header. */
const CLAIMS_MAX_BYTES = 4000;

/** A function of the settings file threw, took too long or answered what it may not. The log says which and why. */
export class HookFailed extends TryLater {
  constructor(name: string, cause: unknown) {
    super(`${name} failed`, 1, { cause });
  }
}

/** The functions of the settings file, each with a deadline; nothing happens where there is none. */
export interface TokenHooks {
  /** Whether any of them has to be told of the user at a login. */
  readonly askAboutLogin: boolean;
  /** Whether one of them has to be asked at a refresh. */
  readonly askAboutRefresh: boolean;
  /** @throws HookFailed */
  allow(user: HookUser): Promise<boolean>;
  /** @throws HookFailed */
  loginSucceeded(user: HookUser): Promise<void>;
  /** Never rejects: the login has failed anyhow. */
  loginFailed(username: string): Promise<void>;
  /** @throws HookFailed */
  claims(user: HookUser): Promise<Claims>;
}

interface Options {
  readonly settings: Pick<
    JwtSettings,
    "hooks" | "tokenTypeClaim" | "jtiClaim" | "userIdClaim" | "revokeTokenClaim" | "sliding"
  >;
  readonly log: Log;
  readonly deadlineMs: number;
}

export function createTokenHooks({ settings, log, deadlineMs }: Options): TokenHooks {
  const { userAuthenticationRule, onLoginSuccess, onLoginFailed, claims }: Hooks = settings.hooks;
  const reserved = reservedClaims(settings);

  const run = async <T>(name: string, call: () => T | Promise<T>): Promise<T> => {
    try {
      return await withDeadline(call, deadlineMs);
    } catch (error) {
      log.error({ err: error, setting: name }, "a function of the settings file failed");
      throw new HookFailed(name, error);
    }
  };

  return {
    askAboutLogin: userAuthenticationRule !== undefined || onLoginSuccess !== undefined || claims !== undefined,
    askAboutRefresh: userAuthenticationRule !== undefined,
    async allow(user) {
      if (userAuthenticationRule === undefined) return true;
      return run("SIMPLE_JWT.USER_AUTHENTICATION_RULE", async () => requireBoolean(await userAuthenticationRule(user)));
    },
    async loginSucceeded(user) {
      if (onLoginSuccess !== undefined) await run("SIMPLE_JWT.ON_LOGIN_SUCCESS", () => onLoginSuccess(user));
    },
    async loginFailed(username) {
      if (onLoginFailed === undefined) return;
      await run("SIMPLE_JWT.ON_LOGIN_FAILED", () => onLoginFailed({ username })).catch(() => {});
    },
    async claims(user) {
      if (claims === undefined) return new Map();
      return run("EARSHOT.CLAIMS", async () => readClaims(await claims(user), reserved));
    },
  };
}

/** What comes of `call`, or an error after the deadline: what comes later is not heard. */
async function withDeadline<T>(call: () => T | Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([call(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** A function that answers anything else may not have meant what truthiness would make of it. */
function requireBoolean(answer: unknown): boolean {
  if (typeof answer !== "boolean") throw new TypeError("it answered neither true nor false");
  return answer;
}

function reservedClaims({ tokenTypeClaim, jtiClaim, userIdClaim, revokeTokenClaim, sliding }: Options["settings"]) {
  const named = [tokenTypeClaim, jtiClaim, userIdClaim, revokeTokenClaim, sliding.refreshExpClaim];
  return new Set([...named, "exp", "iat", "nbf", "aud", "iss"]);
}

function readClaims(answer: unknown, reserved: ReadonlySet<string>): Claims {
  if (typeof answer !== "object" || answer === null || Array.isArray(answer))
    throw new TypeError("it answered no object");
  const json = JSON.stringify(answer);
  if (Buffer.byteLength(json) > CLAIMS_MAX_BYTES) throw new RangeError(`more than ${CLAIMS_MAX_BYTES} bytes of claims`);
  if (nestsDeeper(json, JSON_MAX_DEPTH)) throw new RangeError(`claims nested deeper than ${JSON_MAX_DEPTH}`);
  const claims = new Map<string, unknown>(Object.entries(JSON.parse(json)));
  const taken = [...claims.keys()].find((name) => reserved.has(name));
  if (taken !== undefined) throw new TypeError(`the claim ${taken} has a meaning of its own`);
  return claims;
}
