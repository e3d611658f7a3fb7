import type { Claims } from "../auth/jwt.ts";
import { passwordClaim } from "../auth/password-claim.ts";
import type { JwtSettings } from "../config.ts";
import type { Database } from "../db/database.ts";
import type { Log } from "../log.ts";
import type { HookUser } from "../settings/simple-jwt-hooks.ts";
import type { LoggedIn, Login } from "../users/login.ts";
import { NoActiveAccount } from "./errors.ts";
import type { TokenHooks } from "./hooks.ts";
import { findHookUser, findPassword } from "./store.ts";

/** Who logged in for tokens, and the claims those get beside the common ones. */
interface TokenLoggedIn {
  readonly user: LoggedIn;
  readonly claims: Claims;
}

/** Logins for tokens, with the functions of the settings file. */
export interface TokenLogin {
  /**
   * @throws NoActiveAccount for a wrong password, an unknown and an inactive user alike, and one the settings keep out
   * @throws TryLater where too many passwords are being checked, or a function of the settings file failed
   */
  logIn(username: string, password: string): Promise<TokenLoggedIn>;
  /** Whether the settings let a user refresh tokens. A user who is not there is not asked about. @throws HookFailed */
  mayRefresh(user: string): Promise<boolean>;
}

interface Dependencies {
  readonly database: Database;
  readonly login: Login;
  readonly hooks: TokenHooks;
  readonly settings: JwtSettings;
  readonly log: Log;
}

export function createTokenLogin({ database, login, hooks, settings, log }: Dependencies): TokenLogin {
  const { checkRevokeToken, checkUserIsActive, revokeTokenClaim } = settings;

  const findUser = async (user: string): Promise<HookUser | undefined> => {
    const found = await database.first(findHookUser, { user });
    if (found === undefined) return undefined;
    const { is_active, is_staff, is_superuser, ...rest } = found;
    return { ...rest, is_active: is_active === 1, is_staff: is_staff === 1, is_superuser: is_superuser === 1 };
  };

  /** The claim of the password that was checked: another one that was set meanwhile is not what they logged in with. */
  const revocable = async ({ user_id, password_epoch }: LoggedIn): Promise<Claims> => {
    const account = await database.first(findPassword, { user: user_id });
    if (account?.password_epoch !== password_epoch) throw new NoActiveAccount();
    return new Map([[revokeTokenClaim, passwordClaim(account.password)]]);
  };

  const claimsFor = async (user: LoggedIn): Promise<Claims> => {
    const claims = new Map(checkRevokeToken ? await revocable(user) : []);
    if (!hooks.askAboutLogin) return claims;
    const known = await findUser(user.user_id);
    if (known === undefined) throw new NoActiveAccount();
    if (!(await hooks.allow(known))) {
      log.info({ user_id: user.user_id, reason: "USER_AUTHENTICATION_RULE" }, "login refused");
      throw new NoActiveAccount();
    }
    for (const [name, value] of await hooks.claims(known)) claims.set(name, value);
    await hooks.loginSucceeded(known);
    return claims;
  };

  return {
    async logIn(username, password) {
      try {
        const user = await login.check(username, password, { allowInactive: !checkUserIsActive });
        if (user === undefined) throw new NoActiveAccount();
        return { user, claims: await claimsFor(user) };
      } catch (error) {
        if (error instanceof NoActiveAccount) await hooks.loginFailed(username);
        throw error;
      }
    },

    async mayRefresh(user) {
      if (!hooks.askAboutRefresh) return true;
      const known = await findUser(user);
      return known === undefined || hooks.allow(known);
    },
  };
}
