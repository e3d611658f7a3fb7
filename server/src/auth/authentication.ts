import type { IncomingHttpHeaders } from "node:http";

import type { JwtSettings } from "../config.ts";
import type { Database } from "../db/database.ts";
import { type Cookies, deleteCookie, readCookies } from "../http/cookies.ts";
import { forbidden, unauthenticated } from "../http/errors.ts";
import type { Method } from "../permissions/permission.ts";
import { csrfProblem } from "../http/csrf.ts";
import type { CookieSessions } from "../sessions/service.ts";
import type { Caller } from "./caller.ts";
import { createAccountCheck, createProof } from "./proof.ts";
import type { Tokens } from "./token-types.ts";

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

/** `Authorization: Bearer <token>`, as simplejwt's JWTAuthentication (contract: authorization.json). */
export function jwtAuthentication(database: Database, tokens: Tokens, settings: JwtSettings): Authentication {
  const proofOf = createProof(database, tokens, settings);
  const requireAccount = createAccountCheck(database, settings);
  return {
    name: "JWTAuthentication",
    readsCookies: false,
    async authenticate({ method, headers }) {
      const header = headers[settings.authHeaderName];
      const text = tokenOf(Array.isArray(header) ? header[0] : header, settings.authHeaderTypes);
      if (text === undefined) return NOBODY;
      const proof = await proofOf(text);
      const caller = { user_id: proof.user_id };
      const confirmed = requireAccount(proof);
      // A send may be one statement, which asks itself whether its sender is active, but nothing about their password.
      if (!settings.checkRevokeToken || isSafe(method)) return { caller, confirmed };
      await confirmed;
      return { caller };
    },
  };
}

function tokenOf(header: string | undefined, types: readonly string[]): string | undefined {
  if (header === undefined) return undefined;
  const [type, token, ...rest] = header.split(/[ \t]+/).filter((word) => word !== "");
  if (type === undefined || !types.includes(type)) return undefined;
  if (token === undefined || rest.length > 0) {
    throw unauthenticated("Authorization header must contain two space-delimited values", "bad_authorization_header");
  }
  return token;
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
  if (isSafe(method)) return;
  const problem = csrfProblem(headers, cookies);
  if (problem !== undefined) throw forbidden(`CSRF Failed: ${problem}`);
}

const isSafe = (method: Method) => method === "GET" || method === "HEAD" || method === "OPTIONS";
