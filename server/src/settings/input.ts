import type { Timedelta } from "./duration.ts";
import type { ClaimsOf, OnLoginFailed, OnLoginSuccess, UserAuthenticationRule } from "./simple-jwt-hooks.ts";
import type { unsupportedSimpleJwt } from "./simple-jwt-unsupported.ts";
import type { Algorithm, LogLevel, Pooler, TokenClass } from "./words.ts";

type TokenClassInput = TokenClass | `rest_framework_simplejwt.tokens.${"Access" | "Sliding"}Token`;

/** simplejwt's settings that this release supports, with simplejwt's names and meaning. */
export interface SupportedSimpleJwtInput {
  readonly ACCESS_TOKEN_LIFETIME?: Timedelta | undefined;
  readonly REFRESH_TOKEN_LIFETIME?: Timedelta | undefined;
  readonly ROTATE_REFRESH_TOKENS?: boolean | undefined;
  readonly BLACKLIST_AFTER_ROTATION?: boolean | undefined;
  readonly UPDATE_LAST_LOGIN?: boolean | undefined;
  readonly ALGORITHM?: Algorithm | undefined;
  readonly SIGNING_KEY?: string | undefined;
  readonly VERIFYING_KEY?: string | null | undefined;
  readonly JWK_URL?: string | null | undefined;
  readonly AUDIENCE?: string | readonly string[] | null | undefined;
  readonly ISSUER?: string | null | undefined;
  readonly LEEWAY?: Timedelta | undefined;
  readonly AUTH_HEADER_TYPES?: string | readonly string[] | undefined;
  readonly AUTH_HEADER_NAME?: string | undefined;
  readonly USER_ID_FIELD?: "id" | "user_id" | undefined;
  readonly USER_ID_CLAIM?: string | undefined;
  readonly USER_AUTHENTICATION_RULE?:
    | UserAuthenticationRule
    | "rest_framework_simplejwt.authentication.default_user_authentication_rule"
    | undefined;
  readonly ON_LOGIN_SUCCESS?:
    | OnLoginSuccess
    | "rest_framework_simplejwt.serializers.default_on_login_success"
    | undefined;
  readonly ON_LOGIN_FAILED?: OnLoginFailed | "rest_framework_simplejwt.serializers.default_on_login_failed" | undefined;
  readonly AUTH_TOKEN_CLASSES?: TokenClassInput | readonly TokenClassInput[] | undefined;
  readonly TOKEN_TYPE_CLAIM?: string | undefined;
  readonly JTI_CLAIM?: string | undefined;
  readonly SLIDING_TOKEN_REFRESH_EXP_CLAIM?: string | undefined;
  readonly SLIDING_TOKEN_LIFETIME?: Timedelta | undefined;
  readonly SLIDING_TOKEN_REFRESH_LIFETIME?: Timedelta | undefined;
  readonly CHECK_REVOKE_TOKEN?: boolean | undefined;
  readonly REVOKE_TOKEN_CLAIM?: string | undefined;
  readonly CHECK_USER_IS_ACTIVE?: boolean | undefined;
}

/** The others: taken where they say what simplejwt does by default, so that a copied block works. */
type UnsupportedSimpleJwtInput = {
  readonly [Name in keyof typeof unsupportedSimpleJwt]?:
    | (typeof unsupportedSimpleJwt)[Name]["accepts"][number]
    | undefined;
};

export interface EarshotInput {
  readonly REFRESH_RACE_WINDOW?: Timedelta | undefined;
  readonly VERIFYING_KEYS?: readonly string[] | undefined;
  readonly CLAIMS?: ClaimsOf | undefined;
}

export interface DatabaseInput {
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_POOL_SIZE?: number | undefined;
  readonly DATABASE_STATEMENT_TIMEOUT?: Timedelta | undefined;
  readonly DATABASE_LOCK_TIMEOUT?: Timedelta | undefined;
  readonly DATABASE_IDLE_TRANSACTION_TIMEOUT?: Timedelta | undefined;
  readonly DATABASE_POOLER?: Pooler | undefined;
}

export interface TopLevelInput extends DatabaseInput {
  readonly SECRET_KEY?: string | undefined;
  readonly EARSHOT_DATA_DIR?: string | undefined;
  readonly HOST?: string | undefined;
  readonly PORT?: number | undefined;
  readonly ALLOWED_HOSTS?: readonly string[] | undefined;
  readonly SESSION_COOKIE_AGE?: Timedelta | undefined;
  readonly SESSION_COOKIE_SECURE?: boolean | undefined;
  readonly CSRF_COOKIE_SECURE?: boolean | undefined;
  readonly PAGE_SIZE?: number | undefined;
  readonly MAX_PAGE_SIZE?: number | undefined;
  readonly LOG_LEVEL?: LogLevel | undefined;
}

/** What `earshot.settings.ts` exports. */
export interface SettingsInput extends TopLevelInput {
  readonly SIMPLE_JWT?: (SupportedSimpleJwtInput & UnsupportedSimpleJwtInput) | undefined;
  readonly EARSHOT?: EarshotInput | undefined;
}

/** Hands the settings back as they are: an editor completes and checks what is written inside. */
export function defineSettings(settings: SettingsInput): SettingsInput {
  return settings;
}
