import { randomUUIDv7 } from "node:crypto";

import type { Token, TokenPairOfUser, Tokens } from "../auth/token-types.ts";
import type { Clock } from "../clock.ts";
import type { JwtSettings } from "../config.ts";
import { all, first, type Transaction } from "../db/transaction.ts";
import { deleteSession, endSession, insertSession, rotateSession } from "../sessions/store.ts";
import { findCaller } from "../users/store.ts";
import { findRefreshToken, insertRefreshToken, spendRefreshToken } from "./store.ts";

type Outcome =
  | { readonly kind: "taken" }
  | { readonly kind: "no_account" }
  /** `endedSession` where the reuse looked like theft and ended the session. */
  | { readonly kind: "used_before"; readonly endedSession: string | undefined };

/** What happens to refresh tokens, each as one transaction. */
export interface Refreshes {
  /** Takes a refresh token for its successor, if there is one: of any number of takers one wins. */
  take(token: Token, user: string, successor: TokenPairOfUser | undefined): Transaction<Outcome>;
  /** Spends a refresh token for good and ends its session. */
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

  return {
    *take(token, user, successor) {
      const known = yield* first(findRefreshToken, { jti: token.jti });
      if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) {
        return yield* usedBefore(token.jti);
      }
      const caller = yield* first(findCaller, { user });
      if (caller?.is_active !== 1) return { kind: "no_account" };
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
      const now = clock.moment();
      const known = yield* first(findRefreshToken, { jti: token.jti });
      if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) {
        return yield* usedBefore(token.jti);
      }
      const session =
        known === undefined
          ? yield* adopt(token, user, now)
          : (yield* first(spendRefreshToken, { jti: token.jti, now }))?.session_id;
      if (session === undefined) return yield* usedBefore(token.jti);
      yield* all(endSession, { session, reason: "blacklisted", now });
      return { kind: "taken" };
    },
  };
}
