import { accepted, type Reader, refused } from "./reader.ts";
import { oneOrMore, text } from "./readers.ts";
import type { TokenClass } from "./words.ts";

/** Claims whose meaning RFC 7519 fixes and the server writes or checks itself. */
const RESERVED_CLAIMS = new Set(["exp", "iat", "nbf", "iss", "aud"]);
/** Headers that mean something else to the server or to proxies before it. */
const TAKEN_HEADERS = new Set([
  "host",
  "cookie",
  "connection",
  "transfer-encoding",
  "upgrade",
  "origin",
  "referer",
  "accept",
  "x-csrftoken",
]);
const LONGEST_CLAIM_NAME = 64;

/** The name of a claim; `whyNeeded` tells somebody who writes null, Python's None, why the server cannot do without. */
export function claimName(whyNeeded: string): Reader<string> {
  const expects = `a claim name of 1 to ${LONGEST_CLAIM_NAME} letters, digits and _ - . : /`;
  return {
    expects,
    parse: (value) => value.trim(),
    read(value) {
      if (value === null || value === "")
        return { ok: false, problem: `is ${value === null ? "null" : "empty"}; ${whyNeeded}: write ${expects}` };
      if (typeof value !== "string") return refused(value, expects);
      if (RESERVED_CLAIMS.has(value)) {
        return {
          ok: false,
          problem: `is "${value}", a claim that RFC 7519 gives another meaning; write a name other than ${[...RESERVED_CLAIMS].join(", ")}`,
        };
      }
      const isName = /^[\w.:/-]+$/.test(value) && value.length <= LONGEST_CLAIM_NAME && value !== "__proto__";
      return isName ? accepted(value) : refused(value, expects);
    },
  };
}

const TOKEN_CLASSES: ReadonlyMap<unknown, TokenClass> = new Map([
  ["rest_framework_simplejwt.tokens.AccessToken", "access"],
  ["rest_framework_simplejwt.tokens.SlidingToken", "sliding"],
  ["access", "access"],
  ["sliding", "sliding"],
]);

/** The types of tokens that prove who a user is, by their names or as simplejwt's classes; each counts once. */
export function authTokenClasses(): Reader<readonly TokenClass[]> {
  const expects = 'one or both of "access" and "sliding"';
  const classes = oneOrMore(expects, tokenClass(expects));
  return {
    ...classes,
    read(value) {
      const reading = classes.read(value);
      return reading.ok ? accepted([...new Set(reading.value)]) : reading;
    },
  };
}

function tokenClass(expects: string): Reader<TokenClass> {
  return {
    expects,
    parse: (value) => value,
    read(value) {
      const known = TOKEN_CLASSES.get(value);
      if (known !== undefined) return accepted(known);
      if (typeof value === "string" && /RefreshToken$|UntypedToken$|^refresh$/.test(value)) {
        return { ok: false, problem: `would let a refresh token prove who asks; write ${expects}` };
      }
      return refused(value, expects);
    },
  };
}

/** The scheme words of the Authorization header (RFC 9110, 11.1: a token), compared exactly, as simplejwt does. */
export function authHeaderTypes(): Reader<readonly string[]> {
  const word = text('one word without spaces, such as "Bearer"', (value) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(value));
  return oneOrMore('at least one scheme word, such as ["Bearer"]', word);
}

/** The request header that carries the token: written in CGI spelling, resolved to the lower-case header name. */
export function authHeaderName(): Reader<string> {
  const expects = 'the header in CGI spelling, such as "HTTP_AUTHORIZATION" or "HTTP_X_ACCESS_TOKEN"';
  return {
    expects,
    parse: (value) => value.trim(),
    read(value) {
      if (typeof value !== "string") return refused(value, expects);
      const [, name] = /^HTTP((?:_[A-Z0-9]+)+)$/.exec(value) ?? [];
      if (name === undefined) {
        const isHeader = /^[a-z0-9]+([-_][a-z0-9]+)*$/i.test(value);
        return refused(
          value,
          isHeader
            ? `"HTTP_${value
                .toUpperCase()
                .replaceAll("-", "_")
                .replace(/^HTTP_/, "")}"`
            : expects,
        );
      }
      const header = name.slice(1).toLowerCase().replaceAll("_", "-");
      if (TAKEN_HEADERS.has(header)) {
        return { ok: false, problem: `is "${value}", a header with another purpose; write ${expects}` };
      }
      return accepted(header);
    },
  };
}
