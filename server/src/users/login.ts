import type { Database } from "../db/database.ts";
import { all } from "../db/transaction.ts";
import type { Log } from "../log.ts";
import type { Passwords } from "../passwords/passwords.ts";
import { TryLater } from "../try-later.ts";
import { findLogin, rehashPassword } from "./store.ts";

export interface LoggedIn {
  readonly user_id: string;
  /** Changes with the password; a session remembers the one it was opened under. */
  readonly password_epoch: number;
}

export interface Login {
  /**
   * Who these credentials are of. Nobody for a wrong password, an unknown and an inactive user alike, at the same cost.
   * @throws TooBusy when too many passwords are being checked
   */
  check(username: string, password: string, options?: CheckOptions): Promise<LoggedIn | undefined>;
}

interface CheckOptions {
  /** Whether inactive users may come in, too. */
  readonly allowInactive?: boolean;
}

interface Dependencies {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly log: Log;
}

export function createLogin({ database, passwords, log }: Dependencies): Login {
  return {
    async check(username, password, { allowInactive = false } = {}) {
      const user = await database.first(findLogin, { username });
      const { matches, needsRehash } = await passwords.verify(password, user?.password);
      if (user === undefined || !matches || (user.is_active !== 1 && !allowInactive)) {
        // Not the name that was given: people type passwords there.
        log.info({ user_id: user?.user_id, reason: refusal(user, matches) }, "login refused");
        return undefined;
      }
      log.info({ user_id: user.user_id }, "login");
      if (needsRehash) await rehash(database, passwords, user, password);
      return { user_id: user.user_id, password_epoch: user.password_epoch };
    },
  };
}

function refusal(user: { readonly is_active: number } | undefined, matches: boolean): string {
  if (user === undefined) return "unknown user";
  return matches ? "inactive user" : "wrong password";
}

/** An old kind of hash becomes one of ours at login, when there is time for it. */
async function rehash(database: Database, passwords: Passwords, user: LoggedIn, password: string) {
  try {
    const encoded = await passwords.hash(password);
    await database.write(() =>
      all(rehashPassword, { user: user.user_id, password: encoded, epoch: user.password_epoch }),
    );
  } catch (error) {
    if (!(error instanceof TryLater)) throw error;
  }
}
