import { parseCookie } from "cookie";

/** The cookies of a request, by name. */
export type Cookies = ReadonlyMap<string, string>;

const NONE: Cookies = new Map();

export function readCookies(header: string | undefined): Cookies {
  if (header === undefined) return NONE;
  const cookies = new Map<string, string>();
  for (const [name, value] of Object.entries(parseCookie(header))) if (value !== undefined) cookies.set(name, value);
  return cookies;
}

interface CookieOptions {
  /** Seconds from now. */
  readonly maxAge: number;
  /** Milliseconds since 1970: what `expires` counts from. */
  readonly now: number;
  readonly httpOnly?: boolean;
  readonly secure: boolean;
}

/** A Set-Cookie line with its attributes in the contract's order (session.json). */
export function setCookie(name: string, value: string, { maxAge, now, httpOnly, secure }: CookieOptions): string {
  return [
    `${name}=${value}`,
    `expires=${new Date(now + maxAge * 1000).toUTCString()}`,
    ...(httpOnly ? ["HttpOnly"] : []),
    `Max-Age=${maxAge}`,
    "Path=/",
    "SameSite=Lax",
    ...(secure ? ["Secure"] : []),
  ].join("; ");
}

/** A Set-Cookie line that deletes a cookie (contract: session.json, "unknown session"). */
export const deleteCookie = (name: string) =>
  `${name}=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax`;
