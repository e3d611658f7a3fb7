import type { IncomingHttpHeaders } from "node:http";

import type { JwtSettings } from "../config.ts";
import type { Database } from "../db/database.ts";
import { type Cookies, deleteCookie, readCookies } from "../http/cookies.ts";
import { forbidden, unauthenticated } from "../http/errors.ts";
import type { Method } from "../permissions/permission.ts";
import { csrfProblem } from "../http/csrf.ts";
import type { CookieSessions } from "../sessions/service.ts";
import { findCaller } from "../users/store.ts";
import type { Caller } from "./caller.ts";
import { TokenError, type Tokens } from "./token-types.ts";

export const SESSION_COOKIE = "sessionid";

interface Attempt {
  readonly method: Method;
  readonly headers: IncomingHttpHeaders;
}

/** What an authentication made of a request. `setCookie` goes out with the answer, whatever that is. */
interface Authenticated {
  readonly caller: Caller | undefined;
  /** Where so far only a signature says who it is: settles once the account was looked up. Rejects with ApiError 401. */
  readonly confirmed?: Promise<void>;
  readonly setCookie?: string;
}

/** One way to tell who asks. Where it finds no credentials of its kind, the next one is asked. */
export interface Authentication {
  readonly name: string;
  /** Whether an answer depends on cookies once this way was tried. */
  readonly readsCookies: boolean;
  authenticate(attempt: Attempt): Promise<Authenticated>;
}

const NOBODY: Authenticated = { caller: undefined };

/** `Authorization: Bearer <access token>`, as simplejwt's JWTAuthentication (contract: authorization.json). */
export function jwtAuthentication(database: Database, tokens: Tokens, settings: JwtSettings): Authentication {
  return {
    name: "JWTAuthentication",
    readsCookies: false,
    async authenticate({ headers }) {
      const header = headers[settings.authHeaderName];
      const text = accessTokenOf(Array.isArray(header) ? header[0] : header, settings.authHeaderTypes);
      if (text === undefined) return NOBODY;
      const user_id = userOf(tokens, text);
      return { caller: { user_id }, confirmed: requireActive(database, user_id) };
    },
  };
}

/** @throws ApiError 401 */
async function requireActive(database: Database, user: string): Promise<void> {
  const row = await database.first(findCaller, { user });
  if (row === undefined) throw unauthenticated("User not found", "user_not_found");
  if (row.is_active !== 1) throw unauthenticated("User is inactive", "user_inactive");
}

function accessTokenOf(header: string | undefined, types: readonly string[]): string | undefined {
  if (header === undefined) return undefined;
  const [type, token, ...rest] = header.split(/[ \t]+/).filter((word) => word !== "");
  if (type === undefined || !types.includes(type)) return undefined;
  if (token === undefined || rest.length > 0) {
    throw unauthenticated("Authorization header must contain two space-delimited values", "bad_authorization_header");
  }
  return token;
}

function userOf(tokens: Tokens, text: string): string {
  try {
    const user = tokens.userId(tokens.readAs("access", text));
    if (user !== undefined) return user;
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw unauthenticated("Given token not valid for any token type", "token_not_valid", [
      { token_class: "AccessToken", token_type: "access", message: error.message },
    ]);
  }
  throw unauthenticated("Token contained no recognizable user identification", "token_not_valid");
}

/** The `sessionid` cookie, with CSRF asked of whatever is not safe (contract: session.json). */
export function sessionAuthentication(sessions: CookieSessions): Authentication {
  return {
    name: "SessionAuthentication",
    readsCookies: true,
    async authenticate({ method, headers }) {
      const cookies = readCookies(headers.cookie);
      const key = cookies.get(SESSION_COOKIE);
      if (key === undefined) return NOBODY;
      const session = await sessions.find(key);
      if (session.kind === "gone") return { caller: undefined, setCookie: deleteCookie(SESSION_COOKIE) };
      if (session.kind === "inactive") return NOBODY;
      requireCsrf(method, headers, cookies);
      return { caller: session.caller };
    },
  };
}

function requireCsrf(method: Method, headers: IncomingHttpHeaders, cookies: Cookies) {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return;
  const problem = csrfProblem(headers, cookies);
  if (problem !== undefined) throw forbidden(`CSRF Failed: ${problem}`);
}
