import { DAY, duration, MINUTE, TEN_YEARS } from "./duration.ts";
import type { SupportedSimpleJwtInput } from "./input.ts";
import { type Reader, refused } from "./reader.ts";
import { boolean, choice, oneOrMore, orNull, text } from "./readers.ts";
import type { Setting } from "./setting.ts";
import { simpleJwtAccounts } from "./simple-jwt-accounts.ts";
import { simpleJwtKeys } from "./simple-jwt-keys.ts";
import { inSimpleJwt } from "./simple-jwt-setting.ts";
import { simpleJwtSliding } from "./simple-jwt-sliding.ts";
import { authHeaderName, authHeaderTypes, claimName } from "./token-names.ts";

/** simplejwt's settings that this release supports. https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html */
export const simpleJwt = {
  ACCESS_TOKEN_LIFETIME: inSimpleJwt("ACCESS_TOKEN_LIFETIME", {
    reader: duration(1, TEN_YEARS),
    default: 60 * MINUTE,
    defaultInWords: "60 minutes",
    description: "How long an access token is good.",
  }),
  REFRESH_TOKEN_LIFETIME: inSimpleJwt("REFRESH_TOKEN_LIFETIME", {
    reader: duration(1, TEN_YEARS),
    default: DAY,
    defaultInWords: "1 day",
    description: "How long a refresh token is good; rotation begins the time anew.",
  }),
  ROTATE_REFRESH_TOKENS: inSimpleJwt("ROTATE_REFRESH_TOKENS", {
    reader: boolean(),
    default: true,
    defaultInWords: "true",
    description: "A refresh answers with a new refresh token beside the access token.",
  }),
  BLACKLIST_AFTER_ROTATION: inSimpleJwt("BLACKLIST_AFTER_ROTATION", {
    reader: boolean(),
    default: true,
    defaultInWords: "true, or false where ROTATE_REFRESH_TOKENS is false",
    description: "A refresh token that was used is refused from then on.",
  }),
  UPDATE_LAST_LOGIN: inSimpleJwt("UPDATE_LAST_LOGIN", {
    reader: boolean(),
    default: false,
    defaultInWords: "false",
    description: "Obtaining a token writes the user's last_login.",
  }),
  ...simpleJwtKeys,
  AUDIENCE: inSimpleJwt<string | readonly string[] | undefined>("AUDIENCE", {
    reader: orNull(audience()),
    default: undefined,
    defaultInWords: "null: neither written nor required",
    description: "The aud claim, written into every token and required in every token.",
  }),
  ISSUER: inSimpleJwt<string | undefined>("ISSUER", {
    reader: orNull(text("the issuer as text")),
    default: undefined,
    defaultInWords: "null: neither written nor required",
    description: "The iss claim, written into every token and required in every token.",
  }),
  LEEWAY: inSimpleJwt("LEEWAY", {
    reader: duration(0, DAY),
    default: 0,
    defaultInWords: "0 seconds",
    description: "How far clocks may differ when exp, nbf and iat are checked.",
  }),
  AUTH_HEADER_TYPES: inSimpleJwt<readonly string[]>("AUTH_HEADER_TYPES", {
    reader: authHeaderTypes(),
    default: ["Bearer"],
    defaultInWords: "Bearer",
    description: "The scheme words accepted before a token, compared exactly; the first stands in WWW-Authenticate.",
  }),
  AUTH_HEADER_NAME: inSimpleJwt("AUTH_HEADER_NAME", {
    reader: authHeaderName(),
    default: "authorization",
    defaultInWords: "HTTP_AUTHORIZATION",
    description: "The request header that carries the token, in CGI spelling.",
  }),
  USER_ID_FIELD: inSimpleJwt<"id" | "user_id">("USER_ID_FIELD", {
    reader: choice(["id", "user_id"], '"id" or "user_id", which mean the same here: no other field names a user'),
    default: "id",
    defaultInWords: "id",
    description: "The field of a user that is written into the token: always the user's id.",
  }),
  USER_ID_CLAIM: inSimpleJwt("USER_ID_CLAIM", {
    reader: claimName("without it a token names nobody"),
    default: "user_id",
    defaultInWords: "user_id",
    description: "The claim that holds the user's id.",
  }),
  TOKEN_TYPE_CLAIM: inSimpleJwt("TOKEN_TYPE_CLAIM", {
    reader: claimName("without it a refresh token would pass for an access token"),
    default: "token_type",
    defaultInWords: "token_type",
    description: "The claim that tells the types of tokens from each other.",
  }),
  JTI_CLAIM: inSimpleJwt("JTI_CLAIM", {
    reader: claimName("without it a token has no id and could not be blacklisted"),
    default: "jti",
    defaultInWords: "jti",
    description: "The claim that holds the token's own id.",
  }),
  ...simpleJwtSliding,
  ...simpleJwtAccounts,
} satisfies Record<keyof SupportedSimpleJwtInput, Setting<unknown>>;

/** One audience as text stays text and a list stays a list: the `aud` claim is written in the same form. */
function audience(): Reader<string | readonly string[]> {
  const expects = 'the audience as text or as a list, such as "chat" or ["chat", "archive"]';
  const one = text(expects);
  const several = oneOrMore(expects, one);
  return {
    expects,
    parse: (value) => (value.includes(",") ? several.parse(value) : one.parse(value)),
    read(value) {
      if (typeof value === "string") return one.read(value);
      return Array.isArray(value) ? several.read(value) : refused(value, expects);
    },
  };
}
