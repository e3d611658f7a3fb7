import { boolean } from "./readers.ts";
import { setting } from "./setting.ts";
import {
  type ClaimsOf,
  hook,
  type OnLoginFailed,
  type OnLoginSuccess,
  type UserAuthenticationRule,
} from "./simple-jwt-hooks.ts";
import { inSimpleJwt } from "./simple-jwt-setting.ts";
import { claimName } from "./token-names.ts";

const SERIALIZERS = "rest_framework_simplejwt.serializers";

/** Whom tokens are given to and taken from. */
export const simpleJwtAccounts = {
  USER_AUTHENTICATION_RULE: inSimpleJwt<UserAuthenticationRule | undefined>("USER_AUTHENTICATION_RULE", {
    reader: hook("(user) => user.is_staff", "rest_framework_simplejwt.authentication.default_user_authentication_rule"),
    default: undefined,
    defaultInWords: "none beside CHECK_USER_IS_ACTIVE",
    description:
      "A function in earshot.settings.ts that tells, by true or false, whether a user may have tokens: asked at obtain, once the password matched, and at refresh. Where it throws, or takes more than 5 seconds, the answer is 503 and no token is given.",
  }),
  ON_LOGIN_SUCCESS: inSimpleJwt<OnLoginSuccess | undefined>("ON_LOGIN_SUCCESS", {
    reader: hook("(user) => metrics.count(user.user_id)", `${SERIALIZERS}.default_on_login_success`),
    default: undefined,
    defaultInWords: "nothing; last_login is UPDATE_LAST_LOGIN",
    description:
      "A function in earshot.settings.ts that is called at each obtain before the tokens are given; where it throws, or takes more than 5 seconds, they are not.",
  }),
  ON_LOGIN_FAILED: inSimpleJwt<OnLoginFailed | undefined>("ON_LOGIN_FAILED", {
    reader: hook("({ username }) => metrics.countFailure()", `${SERIALIZERS}.default_on_login_failed`),
    default: undefined,
    defaultInWords: "nothing",
    description:
      "A function in earshot.settings.ts that is called at each obtain that is refused, with the name that was typed and no password.",
  }),
  CHECK_REVOKE_TOKEN: inSimpleJwt("CHECK_REVOKE_TOKEN", {
    reader: boolean(),
    default: false,
    defaultInWords: "false",
    description:
      "Tokens end when the password changes: the upper-case MD5 of the stored hash is written into them and compared. Switched on, it ends the tokens given out before.",
  }),
  REVOKE_TOKEN_CLAIM: inSimpleJwt("REVOKE_TOKEN_CLAIM", {
    reader: claimName("without it CHECK_REVOKE_TOKEN has nothing to compare"),
    default: "hash_password",
    defaultInWords: "hash_password",
    description: "The claim that CHECK_REVOKE_TOKEN writes and compares.",
  }),
  CHECK_USER_IS_ACTIVE: inSimpleJwt("CHECK_USER_IS_ACTIVE", {
    reader: boolean(),
    default: true,
    defaultInWords: "true",
    description: "Inactive users are refused; with false they obtain, refresh and use tokens as others do.",
  }),
};

/** Beyond simplejwt, in the group EARSHOT. */
export const claimsHook = setting<ClaimsOf | undefined>(
  "CLAIMS",
  {
    reader: hook("(user) => ({ name: user.first_name })"),
    default: undefined,
    defaultInWords: "none",
    description:
      "A function in earshot.settings.ts that gives claims to be written into the tokens of a login, as an object of JSON values, at most 4,000 bytes of JSON: what people replace simplejwt's serializers for. They go on at a refresh. Where it throws, takes more than 5 seconds or names a common claim, the answer is 503 and no token is given.",
  },
  "EARSHOT",
);
