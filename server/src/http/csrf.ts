import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import { type Cookies, setCookie } from "./cookies.ts";
import type { Clock } from "../clock.ts";
import { randomAlphanumeric } from "../random-alphanumeric.ts";

const TOKEN = /^[A-Za-z0-9]{64}$/;

const CSRF_COOKIE = "csrftoken";

/** A new token: 64 letters and digits, as Django's. */
export const makeCsrfToken = () => randomAlphanumeric(64);

/** The token of the request's cookie, if it can be one. */
export function csrfTokenOf(cookies: Cookies): string | undefined {
  const token = cookies.get(CSRF_COOKIE);
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/**
 * Why a request that changes something is not taken for its user's own doing; undefined where it is (contract: session.json).
 * @param given the token from the form, where there is one; else the X-CSRFToken header's counts
 */
export function csrfProblem(headers: IncomingHttpHeaders, cookies: Cookies, given?: string | null): string | undefined {
  const { origin } = headers;
  if (origin !== undefined && !isSameHost(origin, headers.host)) {
    return "Origin checking failed - it does not match any trusted origins.";
  }
  const expected = csrfTokenOf(cookies);
  if (expected === undefined) return "CSRF cookie not set.";
  const header = headers["x-csrftoken"];
  const token = given ?? (typeof header === "string" ? header : "");
  if (!TOKEN.test(token) || !timingSafeEqual(Buffer.from(token), Buffer.from(expected))) {
    return "CSRF token missing or incorrect.";
  }
  return undefined;
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}

/** Seconds a CSRF token is kept: a year less a day, as Django's CSRF_COOKIE_AGE. */
const CSRF_COOKIE_AGE = 31_449_600;

/** Makes Set-Cookie lines of CSRF tokens. The page's own scripts read the cookie, so it is not HttpOnly. */
export const csrfCookieOf =
  (settings: { readonly csrfCookieSecure: boolean }, clock: Clock) =>
  (token: string): string =>
    setCookie(CSRF_COOKIE, token, {
      maxAge: CSRF_COOKIE_AGE,
      now: clock.milliseconds(),
      secure: settings.csrfCookieSecure,
    });
