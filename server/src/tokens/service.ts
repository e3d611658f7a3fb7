import { randomUUIDv7 } from "node:crypto";

import type { RefreshedTokens, TokenPair } from "@earshot/protocol";

import { type Token, TokenError, type TokenPairOfUser, type Tokens } from "../auth/token-types.ts";
import type { Clock } from "../clock.ts";
import type { JwtSettings } from "../config.ts";
import type { Database } from "../db/database.ts";
import { all } from "../db/transaction.ts";
import type { Log } from "../log.ts";
import { insertSession } from "../sessions/store.ts";
import type { Login } from "../users/login.ts";
import { setLastLogin } from "../users/store.ts";
import { createRefreshes, type Refreshes } from "./refreshes.ts";
import { findRefreshToken, insertRefreshToken } from "./store.ts";

/** The credentials or the token may be good; their user is not (or not any more) one who may come in. */
export class NoActiveAccount extends Error {}

/** The token would be good, had it not been used or blacklisted before. */
export class Blacklisted extends TokenError {
  constructor() {
    super("Token is blacklisted");
  }
}

export interface TokenService {
  /** @throws NoActiveAccount for a wrong password, an unknown and an inactive user alike */
  obtain(username: string, password: string): Promise<TokenPair>;
  /** @throws TokenError, Blacklisted or NoActiveAccount */
  refresh(token: string): Promise<RefreshedTokens>;
  /** @throws TokenError or Blacklisted */
  verify(token: string): Promise<void>;
  /**
   * Spends the token and ends its session.
   * @throws TokenError or Blacklisted
   */
  blacklist(token: string): Promise<void>;
}

interface Dependencies {
  readonly database: Database;
  readonly tokens: Tokens;
  readonly login: Login;
  readonly settings: JwtSettings;
  /** How long the token just superseded is answered as a race of its owner's, in seconds. */
  readonly refreshRaceSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

export function createTokenService(dependencies: Dependencies): TokenService {
  const { database, tokens, login, settings, clock, log } = dependencies;
  const refreshes: Refreshes = createRefreshes(dependencies);

  return {
    async obtain(username, password) {
      const user = await login.check(username, password);
      if (user === undefined) throw new NoActiveAccount();
      const pair = tokens.issue(user.user_id);
      await database.write(function* () {
        const now = clock.moment();
        const session = randomUUIDv7();
        const expires_at = tokens.acceptedUntil(pair.expiresAt);
        yield* all(insertSession, {
          session,
          user: user.user_id,
          kind: "token",
          key_hash: null,
          epoch: user.password_epoch,
          current_jti: pair.jti,
          now,
          expires_at,
        });
        yield* all(insertRefreshToken, { jti: pair.jti, session, expires_at, spent_at: null });
        if (settings.updateLastLogin) yield* all(setLastLogin, { user: user.user_id, now });
      });
      return shown(pair);
    },

    async refresh(text) {
      const token = tokens.readAs("refresh", text);
      const user = tokens.userId(token);
      if (user === undefined) throw new NoActiveAccount();
      const successor = settings.rotateRefreshTokens ? tokens.renew(token) : undefined;
      const outcome = await database.write(() => refreshes.take(token, user, successor));
      if (outcome.kind === "no_account") throw new NoActiveAccount();
      if (outcome.kind === "used_before") {
        report(log, user, outcome.endedSession);
        throw new Blacklisted();
      }
      return successor === undefined
        ? { access: tokens.accessFrom(token) }
        : { access: successor.access, refresh: successor.refresh };
    },

    async verify(text) {
      const token = tokens.read(text);
      if (!settings.blacklistAfterRotation || token.claims.get(settings.tokenTypeClaim) === "access") return;
      const known = await database.first(findRefreshToken, { jti: token.jti });
      if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) throw new Blacklisted();
    },

    async blacklist(text) {
      const token: Token = tokens.readAs("refresh", text);
      const user = tokens.userId(token) ?? "";
      const outcome = await database.write(() => refreshes.revoke(token, user));
      if (outcome.kind === "used_before") {
        report(log, user, outcome.endedSession);
        throw new Blacklisted();
      }
    },
  };
}

/** Member order is the contract's (jwt.json, "response order"). */
const shown = ({ refresh, access }: TokenPairOfUser): TokenPair => ({ refresh, access });

function report(log: Log, user_id: string, session_id: string | undefined) {
  if (session_id === undefined) return;
  log.warn({ user_id, session_id }, "a spent refresh token was used again: its session has been ended");
}
