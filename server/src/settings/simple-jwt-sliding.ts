import { DAY, duration, MINUTE, TEN_YEARS } from "./duration.ts";
import { inSimpleJwt } from "./simple-jwt-setting.ts";
import { authTokenClasses, claimName } from "./token-names.ts";
import type { TokenClass } from "./words.ts";

/** Which tokens prove who a user is, and those among them that are their own refresh tokens. */
export const simpleJwtSliding = {
  AUTH_TOKEN_CLASSES: inSimpleJwt<readonly TokenClass[]>("AUTH_TOKEN_CLASSES", {
    reader: authTokenClasses(),
    default: ["access"],
    defaultInWords: "access",
    description:
      "The types of tokens that prove who a user is: access, sliding, or both. With sliding, /api/token/sliding/ and /api/token/sliding/refresh/ are served.",
  }),
  SLIDING_TOKEN_LIFETIME: inSimpleJwt("SLIDING_TOKEN_LIFETIME", {
    reader: duration(1, TEN_YEARS),
    default: 5 * MINUTE,
    defaultInWords: "5 minutes",
    description: "How long a sliding token proves who a user is.",
  }),
  SLIDING_TOKEN_REFRESH_LIFETIME: inSimpleJwt("SLIDING_TOKEN_REFRESH_LIFETIME", {
    reader: duration(1, TEN_YEARS),
    default: DAY,
    defaultInWords: "1 day",
    description: "How long after the login a sliding token can be refreshed.",
  }),
  SLIDING_TOKEN_REFRESH_EXP_CLAIM: inSimpleJwt("SLIDING_TOKEN_REFRESH_EXP_CLAIM", {
    reader: claimName("without it a sliding token could not be refreshed"),
    default: "refresh_exp",
    defaultInWords: "refresh_exp",
    description: "The claim that holds until when a sliding token can be refreshed.",
  }),
};
