import { accepted, type Reader, refused } from "./reader.ts";

/** A user as the functions of the settings file are told of them. */
export interface HookUser {
  readonly user_id: string;
  readonly username: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly role: string;
  readonly is_active: boolean;
  readonly is_staff: boolean;
  readonly is_superuser: boolean;
}

/** Whether a user may have tokens: asked once the password matched, and at each refresh. */
export type UserAuthenticationRule = (user: HookUser) => boolean | Promise<boolean>;
/** Told of each login for tokens, before the tokens are given out. */
export type OnLoginSuccess = (user: HookUser) => void | Promise<void>;
/** Told of each login for tokens that was refused. The name is what was typed, which may be a password by mistake. */
export type OnLoginFailed = (credentials: { readonly username: string }) => void | Promise<void>;
/** Claims to be written into the tokens of a login, beside the common ones. */
export type ClaimsOf = (
  user: HookUser,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

/** The functions of the settings file; undefined where there is none. */
export interface Hooks {
  readonly userAuthenticationRule: UserAuthenticationRule | undefined;
  readonly onLoginSuccess: OnLoginSuccess | undefined;
  readonly onLoginFailed: OnLoginFailed | undefined;
  readonly claims: ClaimsOf | undefined;
}

/**
 * A function of earshot.settings.ts.
 * @param example how to write one
 * @param simpleJwtDefault the Python function that simplejwt has there: taken as if nothing was set
 */
export function hook<Hook>(example: string, simpleJwtDefault?: string): Reader<Hook | undefined> {
  const expects = `a function in earshot.settings.ts, such as ${example}`;
  return {
    expects,
    parse: (text) => text.trim(),
    read(value) {
      // What a function takes and answers is known only when it is called, and is looked at there.
      if (typeof value === "function") return accepted(value as Hook);
      if (value === simpleJwtDefault && value !== undefined) return accepted(undefined);
      const isPythonPath = typeof value === "string" && /^[A-Za-z_]\w*(\.\w+)+$/.test(value);
      return isPythonPath
        ? { ok: false, problem: `names a Python function, which cannot be called here; write ${expects}` }
        : refused(value, expects);
    },
  };
}
