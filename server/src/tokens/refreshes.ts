import { randomUUIDv7 } from "node:crypto";

import { passwordClaim } from "../auth/password-claim.ts";
import type { IssuedToken, Token, Tokens } from "../auth/token-types.ts";
import type { Clock } from "../clock.ts";
import type { JwtSettings } from "../config.ts";
import { all, first, type Transaction } from "../db/transaction.ts";
import { deleteSession, endSession, insertSession, rotateSession } from "../sessions/store.ts";
import { findCaller } from "../users/store.ts";
import { findPassword, findRefreshToken, insertRefreshToken, keepRefreshToken, spendRefreshToken } from "./store.ts";

export type Outcome =
  | { readonly kind: "taken" }
  | { readonly kind: "no_account" }
  | { readonly kind: "password_changed" }
  /** `endedSession` where the reuse looked like theft and ended the session. */
  | { readonly kind: "used_before"; readonly endedSession: string | undefined };

interface Taking {
  /** The refresh token that takes its place; undefined where it stays, as a sliding one does. */
  readonly successor: IssuedToken | undefined;
  /** What the settings say of the user. */
  readonly isAllowed: boolean;
}

/** What happens to refresh tokens, and to sliding ones, each as one transaction. */
export interface Refreshes {
  /** Takes a token for its successor, if there is one: of any number of takers one wins. */
  take(token: Token, user: string, taking: Taking): Transaction<Outcome>;
  /** Spends a token for good and ends its session. */
  revoke(token: Token, user: string): Transaction<Outcome>;
}

interface Dependencies {
  readonly tokens: Tokens;
  readonly settings: JwtSettings;
  readonly refreshRaceSeconds: number;
  readonly clock: Clock;
}

export function createRefreshes({ tokens, settings, refreshRaceSeconds, clock }: Dependencies): Refreshes {
  /**
   * A token that is spent or whose session has ended comes again. Within the race window the token just superseded is its
   * owner's own race (two tabs, a lost answer) and harms nobody. Anything else may be a thief: the session ends, as RFC 9700
   * 4.14.2 asks.
   */
  function* usedBefore(jti: string): Transaction<Outcome> {
    const known = yield* first(findRefreshToken, { jti });
    if (known === undefined || known.ended_at !== null) return { kind: "used_before", endedSession: undefined };
    const justSuperseded =
      known.previous_jti === jti &&
      known.spent_at !== null &&
      clock.milliseconds() - Date.parse(known.spent_at) <= refreshRaceSeconds * 1000;
    if (justSuperseded) return { kind: "used_before", endedSession: undefined };
    yield* all(endSession, { session: known.session_id, reason: "reuse", now: clock.moment() });
    return { kind: "used_before", endedSession: known.session_id };
  }

  /** A validly signed token that was not issued here (by the Django app before us, say) gets a session of its own. */
  function* adopt(token: Token, user: string, spent_at: string | null): Transaction<string | undefined> {
    const session = randomUUIDv7();
    const expires_at = tokens.acceptedUntil(token.expiresAt);
    yield* all(insertSession, {
      session,
      user,
      kind: "token",
      key_hash: null,
      epoch: 0,
      current_jti: token.jti,
      now: clock.moment(),
      expires_at,
    });
    const taken = yield* first(insertRefreshToken, { jti: token.jti, session, expires_at, spent_at });
    if (taken !== undefined) return session;
    // Somebody else brought it first.
    yield* all(deleteSession, { session });
    return undefined;
  }

  type Known = { readonly session_id: string } | undefined;

  /** Spends a token that was not spent yet, and ends its session. False where somebody else was first. */
  function* endWith(token: Token, user: string, known: Known, reason: string): Transaction<boolean> {
    const now = clock.moment();
    const session =
      known === undefined
        ? yield* adopt(token, user, now)
        : (yield* first(spendRefreshToken, { jti: token.jti, now }))?.session_id;
    if (session === undefined) return false;
    // Settings may give it more time than it had when it was issued.
    yield* all(keepRefreshToken, { jti: token.jti, expires_at: tokens.acceptedUntil(token.expiresAt) });
    yield* all(endSession, { session, reason, now });
    return true;
  }

  const mayComeIn = ({ is_active }: { readonly is_active: number }) => is_active === 1 || !settings.checkUserIsActive;

  function* refusalOf(token: Token, user: string): Transaction<"no_account" | "password_changed" | undefined> {
    if (!settings.checkRevokeToken) {
      const caller = yield* first(findCaller, { user });
      return caller !== undefined && mayComeIn(caller) ? undefined : "no_account";
    }
    const account = yield* first(findPassword, { user });
    if (account === undefined || !mayComeIn(account)) return "no_account";
    const isCurrent = token.claims.get(settings.revokeTokenClaim) === passwordClaim(account.password);
    return isCurrent ? undefined : "password_changed";
  }

  return {
    *take(token, user, { successor, isAllowed }) {
      const known = yield* first(findRefreshToken, { jti: token.jti });
      if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) {
        return yield* usedBefore(token.jti);
      }
      const refusal = isAllowed ? yield* refusalOf(token, user) : "no_account";
      if (refusal === "password_changed") yield* endWith(token, user, known, "password changed");
      if (refusal !== undefined) return { kind: refusal };
      if (successor === undefined) return { kind: "taken" };

      const spend = settings.blacklistAfterRotation;
      const now = clock.moment();
      let session = known?.session_id;
      if (session === undefined) session = yield* adopt(token, user, spend ? now : null);
      else if (spend) session = (yield* first(spendRefreshToken, { jti: token.jti, now }))?.session_id;
      if (session === undefined) return yield* usedBefore(token.jti);

      const expires_at = tokens.acceptedUntil(successor.expiresAt);
      yield* all(insertRefreshToken, { jti: successor.jti, session, expires_at, spent_at: null });
      yield* all(rotateSession, { session, spent_jti: token.jti, current_jti: successor.jti, expires_at });
      return { kind: "taken" };
    },

    *revoke(token, user) {
      const known = yield* first(findRefreshToken, { jti: token.jti });
      if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) {
        return yield* usedBefore(token.jti);
      }
      const isEnded = yield* endWith(token, user, known, "blacklisted");
      return isEnded ? { kind: "taken" } : yield* usedBefore(token.jti);
    },
  };
}
