import type { TokenMessage } from "@earshot/protocol";

import type { JwtSettings } from "../config.ts";
import type { Database } from "../db/database.ts";
import { unauthenticated } from "../http/errors.ts";
import type { TokenClass } from "../settings/words.ts";
import { findPassword, findRefreshToken } from "../tokens/store.ts";
import { findCaller } from "../users/store.ts";
import { passwordClaim } from "./password-claim.ts";
import { Blacklisted, type Token, TokenError, type Tokens } from "./token-types.ts";

const CLASS_NAMES: Readonly<Record<TokenClass, string>> = { access: "AccessToken", sliding: "SlidingToken" };

/** A token that proves who its bearer is, as far as the token alone tells. */
interface Proof {
  readonly token: Token;
  readonly user_id: string;
}

/**
 * Reads a token as each of the classes that prove who a user is, the first that fits (contract: authorization.json).
 * @throws ApiError 401 with a message for each class
 */
export function createProof(database: Database, tokens: Tokens, { authTokenClasses }: JwtSettings) {
  /** A sliding token is its own refresh token: it can be blacklisted, and then proves nothing. @throws TokenError */
  const requireNotBlacklisted = async ({ jti }: Token) => {
    const known = await database.first(findRefreshToken, { jti });
    if (known !== undefined && (known.spent_at !== null || known.ended_at !== null)) throw new Blacklisted();
  };

  return async (text: string): Promise<Proof> => {
    const fetching = tokens.fetchKey(text);
    if (fetching !== undefined) await fetching;
    const messages: TokenMessage[] = [];
    for (const type of authTokenClasses) {
      try {
        const token = tokens.readAs(type, text);
        if (type === "sliding") await requireNotBlacklisted(token);
        return { token, user_id: userOf(tokens, token) };
      } catch (error) {
        if (!(error instanceof TokenError)) throw error;
        messages.push({ token_class: CLASS_NAMES[type], token_type: type, message: error.message });
      }
    }
    throw unauthenticated("Given token not valid for any token type", "token_not_valid", messages);
  };
}

function userOf(tokens: Tokens, token: Token): string {
  const user = tokens.userId(token);
  if (user === undefined)
    throw unauthenticated("Token contained no recognizable user identification", "token_not_valid");
  return user;
}

/**
 * Looks the account of a token up, and the stored hash of its password only where the settings ask for it.
 * @throws ApiError 401 where it may not come in
 */
export function createAccountCheck(database: Database, settings: JwtSettings) {
  const { checkRevokeToken, checkUserIsActive, revokeTokenClaim } = settings;
  return async ({ token, user_id: user }: Proof): Promise<void> => {
    const password = checkRevokeToken ? await database.first(findPassword, { user }) : undefined;
    const account = checkRevokeToken ? password : await database.first(findCaller, { user });
    if (account === undefined) throw unauthenticated("User not found", "user_not_found");
    if (account.is_active !== 1 && checkUserIsActive) throw unauthenticated("User is inactive", "user_inactive");
    if (password !== undefined && token.claims.get(revokeTokenClaim) !== passwordClaim(password.password)) {
      throw unauthenticated("The user's password has been changed.", "password_changed");
    }
  };
}
