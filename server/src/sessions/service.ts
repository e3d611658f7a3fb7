import { createHash, randomUUIDv7 } from "node:crypto";

import type { Caller } from "../auth/caller.ts";
import { type Clock, toMoment } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { all } from "../db/transaction.ts";
import { randomAlphanumeric } from "../random-alphanumeric.ts";
import type { LoggedIn } from "../users/login.ts";
import { setLastLogin } from "../users/store.ts";
import { endCookieSession, findCookieSession, insertSession } from "./store.ts";

type FoundSession =
  | { readonly kind: "open"; readonly caller: Caller }
  /** The user may not come in at the moment; the session stays. */
  | { readonly kind: "inactive" }
  /** There is no such session (any more): its cookie is of no use. */
  | { readonly kind: "gone" };

/** Sessions that a browser's cookie stands for. The cookie's value is stored hashed. */
export interface CookieSessions {
  /** Opens a session and returns the cookie's value. */
  open(user: LoggedIn): Promise<string>;
  /** Whose session this is. A session from before a change of password ends here. */
  find(key: string): Promise<FoundSession>;
  end(key: string): Promise<void>;
}

const KEY = /^[A-Za-z0-9]{32}$/;

interface Dependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** How long a session lasts, in seconds. */
  readonly ageSeconds: number;
}

export function createCookieSessions({ database, clock, ageSeconds }: Dependencies): CookieSessions {
  return {
    async open(user) {
      const key = randomAlphanumeric(32);
      await database.write(function* () {
        const now = clock.moment();
        yield* all(insertSession, {
          session: randomUUIDv7(),
          user: user.user_id,
          kind: "cookie",
          key_hash: hash(key),
          epoch: user.password_epoch,
          current_jti: null,
          now,
          expires_at: toMoment((clock.seconds() + ageSeconds) * 1_000_000),
        });
        yield* all(setLastLogin, { user: user.user_id, now });
      });
      return key;
    },

    async find(key) {
      if (!KEY.test(key)) return { kind: "gone" };
      const key_hash = hash(key);
      const now = clock.moment();
      const session = await database.first(findCookieSession, { key_hash, now });
      if (session === undefined) return { kind: "gone" };
      if (session.password_epoch !== session.current_epoch) {
        await database.write(() => all(endCookieSession, { key_hash, reason: "password changed", now }));
        return { kind: "gone" };
      }
      if (session.is_active !== 1) return { kind: "inactive" };
      return { kind: "open", caller: { user_id: session.user_id } };
    },

    async end(key) {
      if (!KEY.test(key)) return;
      const key_hash = hash(key);
      await database.write(() => all(endCookieSession, { key_hash, reason: "logged out", now: clock.moment() }));
    },
  };
}

const hash = (key: string) => createHash("sha256").update(key).digest("hex");
