import { randomUUIDv7 } from "node:crypto";

import type { RefreshedTokens, SlidingToken, TokenPair } from "@earshot/protocol";

import { Blacklisted, type IssuedPair, type IssuedToken, type Token, type Tokens } from "../auth/token-types.ts";
import type { Clock } from "../clock.ts";
import type { JwtSettings } from "../config.ts";
import type { Database } from "../db/database.ts";
import { all } from "../db/transaction.ts";
import type { Log } from "../log.ts";
import { insertSession } from "../sessions/store.ts";
import type { LoggedIn, Login } from "../users/login.ts";
import { setLastLogin } from "../users/store.ts";
import { NoActiveAccount, PasswordChanged } from "./errors.ts";
import { createTokenHooks } from "./hooks.ts";
import { createTokenLogin } from "./login.ts";
import { createRefreshes, type Outcome, type Refreshes } from "./refreshes.ts";
import { findRefreshToken, insertRefreshToken } from "./store.ts";

export interface TokenService {
  /** @throws NoActiveAccount for a wrong password, an unknown and an inactive user alike; TryLater */
  obtain(username: string, password: string): Promise<TokenPair>;
  /** The same for a sliding token. */
  obtainSliding(username: string, password: string): Promise<SlidingToken>;
  /** @throws TokenError, Blacklisted, NoActiveAccount, PasswordChanged or TryLater */
  refresh(token: string): Promise<RefreshedTokens>;
  /** The same for a sliding token, whose successor has its id. */
  refreshSliding(token: string): Promise<SlidingToken>;
  /** @throws TokenError or Blacklisted */
  verify(token: string): Promise<void>;
  /**
   * Spends a refresh token, or a sliding one where those are taken, and ends its session.
   * @throws TokenError or Blacklisted
   */
  blacklist(token: string): Promise<void>;
}

/** How long a function of the settings file may take, in milliseconds. */
const HOOK_DEADLINE_MS = 5000;

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
  const { database, tokens, settings, clock, log } = dependencies;
  const refreshes: Refreshes = createRefreshes(dependencies);
  const hooks = createTokenHooks({ settings, log, deadlineMs: HOOK_DEADLINE_MS });
  const logins = createTokenLogin({ ...dependencies, hooks });
  const endable = settings.authTokenClasses.includes("sliding") ? (["refresh", "sliding"] as const) : "refresh";

  const openSession = (user: LoggedIn, issued: IssuedToken) =>
    database.write(function* () {
      const now = clock.moment();
      const session = randomUUIDv7();
      const expires_at = tokens.acceptedUntil(issued.expiresAt);
      yield* all(insertSession, {
        session,
        user: user.user_id,
        kind: "token",
        key_hash: null,
        epoch: user.password_epoch,
        current_jti: issued.jti,
        now,
        expires_at,
      });
      yield* all(insertRefreshToken, { jti: issued.jti, session, expires_at, spent_at: null });
      if (settings.updateLastLogin) yield* all(setLastLogin, { user: user.user_id, now });
    });

  /** Throws where the outcome is not what was asked for. */
  const settle = (user: string, outcome: Outcome) => {
    if (outcome.kind === "no_account") throw new NoActiveAccount();
    if (outcome.kind === "password_changed") throw new PasswordChanged();
    if (outcome.kind === "used_before") {
      report(log, user, outcome.endedSession);
      throw new Blacklisted();
    }
  };

  const take = async (token: Token, successor: IssuedToken | undefined) => {
    const user = tokens.userId(token);
    if (user === undefined) throw new NoActiveAccount();
    const isAllowed = await logins.mayRefresh(user);
    settle(user, await database.write(() => refreshes.take(token, user, { successor, isAllowed })));
  };

  return {
    async obtain(username, password) {
      const { user, claims } = await logins.logIn(username, password);
      const pair = tokens.issue(user.user_id, claims);
      await openSession(user, pair.refresh);
      return shown(pair);
    },

    async obtainSliding(username, password) {
      const { user, claims } = await logins.logIn(username, password);
      const issued = tokens.issueSliding(user.user_id, claims);
      await openSession(user, issued);
      return { token: issued.text };
    },

    async refresh(text) {
      await tokens.fetchKey(text);
      const token = tokens.readAs("refresh", text);
      const successor = settings.rotateRefreshTokens ? tokens.renew(token) : undefined;
      await take(token, successor?.refresh);
      return successor === undefined
        ? { access: tokens.accessFrom(token) }
        : { access: successor.access, refresh: successor.refresh.text };
    },

    async refreshSliding(text) {
      await tokens.fetchKey(text);
      const token = tokens.readAs("sliding", text);
      await take(token, undefined);
      return { token: tokens.slide(token) };
    },

    async verify(text) {
      await tokens.fetchKey(text);
      const token = tokens.read(text);
      if (!settings.blacklistAfterRotation || token.claims.get(settings.tokenTypeClaim) === "access") return;
      const known = await database.first(findRefreshToken, { jti: token.jti });
      if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) throw new Blacklisted();
    },

    async blacklist(text) {
      await tokens.fetchKey(text);
      const token = tokens.readAs(endable, text);
      const user = tokens.userId(token) ?? "";
      settle(user, await database.write(() => refreshes.revoke(token, user)));
    },
  };
}

/** Member order is the contract's (jwt.json, "response order"). */
const shown = ({ refresh, access }: IssuedPair): TokenPair => ({ refresh: refresh.text, access });

function report(log: Log, user_id: string, session_id: string | undefined) {
  if (session_id === undefined) return;
  log.warn({ user_id, session_id }, "a spent refresh token was used again: its session has been ended");
}
