import { DAY, duration, MINUTE, TEN_YEARS, type Timedelta } from "./duration.ts";
import { accepted, type Reader } from "./reader.ts";
import { boolean, oneOrMore } from "./readers.ts";
import { namesOf, type RemovedSetting, type UnsupportedSetting } from "./setting.ts";

const STOCK_ANSWERS = "the token endpoints answer as simplejwt's own serializers do";
const ONLY_TWO_TYPES = "this release has access and refresh tokens, no sliding ones";

/** simplejwt's settings this release does not have, each with simplejwt's default and the sentence that refuses the rest. */
export const unsupportedSimpleJwt = {
  VERIFYING_KEY: unsupported(
    "VERIFYING_KEY",
    asWritten(),
    ["", null],
    "tokens are verified with the key that signs them, for this release signs with HS256, HS384 or HS512; leave it out and set SIGNING_KEY",
  ),
  JWK_URL: unsupported(
    "JWK_URL",
    asWritten(),
    [null],
    "keys are fetched for asymmetric algorithms only, and this release signs with HS256, HS384 or HS512; leave it out and set SIGNING_KEY",
  ),
  JSON_ENCODER: unsupported(
    "JSON_ENCODER",
    asWritten(),
    [null],
    "it names a Python class, and claims are plain JSON here; leave it out",
  ),
  USER_AUTHENTICATION_RULE: unsupported(
    "USER_AUTHENTICATION_RULE",
    asWritten(),
    ["rest_framework_simplejwt.authentication.default_user_authentication_rule"],
    "it names a Python function; active users log in and inactive ones do not: leave it out and use `earshot deactivateuser NAME`",
  ),
  ON_LOGIN_SUCCESS: unsupported(
    "ON_LOGIN_SUCCESS",
    asWritten(),
    ["rest_framework_simplejwt.serializers.default_on_login_success"],
    "it names a Python function; leave it out, and set UPDATE_LAST_LOGIN to true to have last_login written",
  ),
  ON_LOGIN_FAILED: unsupported(
    "ON_LOGIN_FAILED",
    asWritten(),
    ["rest_framework_simplejwt.serializers.default_on_login_failed"],
    "it names a Python function; leave it out, failed logins are in the server's log",
  ),
  AUTH_TOKEN_CLASSES: unsupported(
    "AUTH_TOKEN_CLASSES",
    oneOrMore("a list of classes", asWritten()),
    [["rest_framework_simplejwt.tokens.AccessToken"]],
    `only access tokens prove who a user is, and ${ONLY_TWO_TYPES}; leave it out`,
  ),
  TOKEN_USER_CLASS: unsupported(
    "TOKEN_USER_CLASS",
    asWritten(),
    ["rest_framework_simplejwt.models.TokenUser"],
    "it names a Python class, and every request reads the user from the database here; leave it out",
  ),
  SLIDING_TOKEN_REFRESH_EXP_CLAIM: unsupported(
    "SLIDING_TOKEN_REFRESH_EXP_CLAIM",
    asWritten(),
    ["refresh_exp"],
    `${ONLY_TWO_TYPES}; leave it out`,
  ),
  SLIDING_TOKEN_LIFETIME: unsupported<Timedelta>(
    "SLIDING_TOKEN_LIFETIME",
    duration(0, TEN_YEARS),
    [5 * MINUTE],
    `${ONLY_TWO_TYPES}; leave it out and set ACCESS_TOKEN_LIFETIME`,
  ),
  SLIDING_TOKEN_REFRESH_LIFETIME: unsupported<Timedelta>(
    "SLIDING_TOKEN_REFRESH_LIFETIME",
    duration(0, TEN_YEARS),
    [DAY],
    `${ONLY_TWO_TYPES}; leave it out and set REFRESH_TOKEN_LIFETIME`,
  ),
  TOKEN_OBTAIN_SERIALIZER: stockSerializer("TOKEN_OBTAIN_SERIALIZER", "TokenObtainPairSerializer"),
  TOKEN_REFRESH_SERIALIZER: stockSerializer("TOKEN_REFRESH_SERIALIZER", "TokenRefreshSerializer"),
  TOKEN_VERIFY_SERIALIZER: stockSerializer("TOKEN_VERIFY_SERIALIZER", "TokenVerifySerializer"),
  TOKEN_BLACKLIST_SERIALIZER: stockSerializer("TOKEN_BLACKLIST_SERIALIZER", "TokenBlacklistSerializer"),
  SLIDING_TOKEN_OBTAIN_SERIALIZER: stockSerializer("SLIDING_TOKEN_OBTAIN_SERIALIZER", "TokenObtainSlidingSerializer"),
  SLIDING_TOKEN_REFRESH_SERIALIZER: stockSerializer(
    "SLIDING_TOKEN_REFRESH_SERIALIZER",
    "TokenRefreshSlidingSerializer",
  ),
  CHECK_REVOKE_TOKEN: unsupported(
    "CHECK_REVOKE_TOKEN",
    boolean(),
    [false],
    "this release writes no password hash into tokens; leave it out or write false",
  ),
  REVOKE_TOKEN_CLAIM: unsupported(
    "REVOKE_TOKEN_CLAIM",
    asWritten(),
    ["hash_password"],
    "this release writes no password hash into tokens, whatever the claim; leave it out",
  ),
  CHECK_USER_IS_ACTIVE: unsupported(
    "CHECK_USER_IS_ACTIVE",
    boolean(),
    [true],
    "inactive users are always refused; leave it out and use `earshot activateuser NAME`",
  ),
} satisfies Record<string, UnsupportedSetting<unknown>>;

/** Names simplejwt itself refuses at start since they were renamed. */
export const removedSimpleJwt: readonly RemovedSetting[] = [
  removed("AUTH_HEADER_TYPE", 'write SIMPLE_JWT.AUTH_HEADER_TYPES, a list such as ["Bearer"]'),
  removed(
    "AUTH_TOKEN_CLASS",
    "SIMPLE_JWT.AUTH_TOKEN_CLASSES took its place, and access tokens are the only ones here; leave it out",
  ),
  removed("SECRET_KEY", "write SIMPLE_JWT.SIGNING_KEY, or SECRET_KEY outside SIMPLE_JWT"),
  removed("TOKEN_BACKEND_CLASS", "write SIMPLE_JWT.ALGORITHM and SIMPLE_JWT.SIGNING_KEY"),
];

function unsupported<const Accepted>(
  key: string,
  reader: Reader<unknown>,
  accepts: readonly Accepted[],
  instead: string,
): UnsupportedSetting<Accepted> {
  return { ...namesOf(key, "SIMPLE_JWT"), reader, accepts, instead };
}

function stockSerializer<const Name extends string>(
  key: string,
  name: Name,
): UnsupportedSetting<`rest_framework_simplejwt.serializers.${Name}`> {
  return unsupported(
    key,
    asWritten(),
    [`rest_framework_simplejwt.serializers.${name}` as const],
    `it names a Python class, and ${STOCK_ANSWERS}; leave it out`,
  );
}

function removed(key: string, instead: string): RemovedSetting {
  return { ...namesOf(key, "SIMPLE_JWT"), instead };
}

function asWritten(): Reader<unknown> {
  return { expects: "simplejwt's default", parse: (text) => text.trim(), read: accepted };
}
