import { accepted, type Reader } from "./reader.ts";
import { namesOf, type RemovedSetting, type UnsupportedSetting } from "./setting.ts";

const LEAVE_OUT = "leave it out";
const CLAIMS_INSTEAD =
  "leave it out, and to write claims of your own into tokens set EARSHOT.CLAIMS to a function in earshot.settings.ts";

/** simplejwt's settings this release does not have, each with simplejwt's default and the sentence that refuses the rest. */
export const unsupportedSimpleJwt = {
  JSON_ENCODER: unsupported(
    "JSON_ENCODER",
    asWritten(),
    [null],
    "it names a Python class, and claims are plain JSON here; leave it out, and give EARSHOT.CLAIMS values that JSON has",
  ),
  TOKEN_USER_CLASS: unsupported(
    "TOKEN_USER_CLASS",
    asWritten(),
    ["rest_framework_simplejwt.models.TokenUser"],
    "it names a Python class, and every request reads the user from the database here; leave it out",
  ),
  TOKEN_OBTAIN_SERIALIZER: stockSerializer("TOKEN_OBTAIN_SERIALIZER", "TokenObtainPairSerializer", CLAIMS_INSTEAD),
  TOKEN_REFRESH_SERIALIZER: stockSerializer("TOKEN_REFRESH_SERIALIZER", "TokenRefreshSerializer", LEAVE_OUT),
  TOKEN_VERIFY_SERIALIZER: stockSerializer("TOKEN_VERIFY_SERIALIZER", "TokenVerifySerializer", LEAVE_OUT),
  TOKEN_BLACKLIST_SERIALIZER: stockSerializer("TOKEN_BLACKLIST_SERIALIZER", "TokenBlacklistSerializer", LEAVE_OUT),
  SLIDING_TOKEN_OBTAIN_SERIALIZER: stockSerializer(
    "SLIDING_TOKEN_OBTAIN_SERIALIZER",
    "TokenObtainSlidingSerializer",
    CLAIMS_INSTEAD,
  ),
  SLIDING_TOKEN_REFRESH_SERIALIZER: stockSerializer(
    "SLIDING_TOKEN_REFRESH_SERIALIZER",
    "TokenRefreshSlidingSerializer",
    LEAVE_OUT,
  ),
} satisfies Record<string, UnsupportedSetting<unknown>>;

/** Names simplejwt itself refuses at start since they were renamed. */
export const removedSimpleJwt: readonly RemovedSetting[] = [
  removed("AUTH_HEADER_TYPE", 'write SIMPLE_JWT.AUTH_HEADER_TYPES, a list such as ["Bearer"]'),
  removed("AUTH_TOKEN_CLASS", 'write SIMPLE_JWT.AUTH_TOKEN_CLASSES, a list such as ["access"]'),
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
  instead: string,
): UnsupportedSetting<`rest_framework_simplejwt.serializers.${Name}`> {
  return unsupported(
    key,
    asWritten(),
    [`rest_framework_simplejwt.serializers.${name}` as const],
    `it names a Python class, and the token endpoints answer as simplejwt's own serializers do; ${instead}`,
  );
}

function removed(key: string, instead: string): RemovedSetting {
  return { ...namesOf(key, "SIMPLE_JWT"), instead };
}

function asWritten(): Reader<unknown> {
  return { expects: "simplejwt's default", parse: (text) => text.trim(), read: accepted };
}
