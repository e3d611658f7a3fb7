import {
  Credentials,
  Empty,
  RefreshedTokens,
  RefreshInput,
  RefreshShown,
  SlidingInput,
  SlidingToken,
  TokenPair,
  VerifyInput,
} from "@earshot/protocol";

import { Blacklisted, TokenError } from "../auth/token-types.ts";
import type { JwtSettings } from "../config.ts";
import { invalid, unauthenticated } from "../http/errors.ts";
import { type Resource, routeAt } from "../http/resource.ts";
import { AllowAny } from "../permissions/classes.ts";
import { NoActiveAccount, PasswordChanged } from "./errors.ts";
import type { TokenService } from "./service.ts";

/** Far more than a token or a password needs, in bytes: who is not known yet gets less room. */
const BODY_LIMIT = 128 * 1024;

const permissions = [AllowAny];
const shared = { authentication: [], permissions, bodyLimit: BODY_LIMIT };

/**
 * `/api/token/` (contract: token-obtain.json, token-refresh.json, token-verify.json, token-blacklist.json). What makes tokens is
 * served where there is a key to sign them with.
 */
export function tokenResources(tokens: TokenService, settings: JwtSettings): Resource[] {
  const makesTokens = settings.signingKey !== undefined;
  const takesSliding = settings.authTokenClasses.includes("sliding");
  return [
    ...(makesTokens ? pairResources(tokens) : []),
    ...(makesTokens && takesSliding ? slidingResources(tokens) : []),
    ...checkingResources(tokens),
  ];
}

function pairResources(tokens: TokenService): Resource[] {
  return [
    {
      ...shared,
      path: "/api/token/",
      name: "Token Obtain Pair",
      description:
        "Takes a set of user credentials and returns an access and refresh JSON web\ntoken pair to prove the authentication of those credentials.",
      writes: { method: "POST", members: Credentials },
      routes: {
        POST: routeAt<"/api/token/">()({
          permissions,
          input: Credentials,
          answer: TokenPair,
          handle({ input }) {
            const { username, password } = input();
            return tokens.obtain(username, password).catch(refuse(BAD_CREDENTIALS));
          },
        }),
      },
    },
    {
      ...shared,
      path: "/api/token/refresh/",
      name: "Token Refresh",
      description:
        "Takes a refresh type JSON web token and returns an access type JSON web\ntoken if the refresh token is valid.",
      writes: { method: "POST", members: RefreshShown },
      routes: {
        POST: routeAt<"/api/token/refresh/">()({
          permissions,
          input: RefreshInput,
          answer: RefreshedTokens,
          handle: ({ input }) => tokens.refresh(input().refresh).catch(refuse(NO_ACCOUNT)),
        }),
      },
    },
  ];
}

function slidingResources(tokens: TokenService): Resource[] {
  return [
    {
      ...shared,
      path: "/api/token/sliding/",
      name: "Token Obtain Sliding",
      description:
        "Takes a set of user credentials and returns a sliding JSON web token to\nprove the authentication of those credentials.",
      writes: { method: "POST", members: Credentials },
      routes: {
        POST: routeAt<"/api/token/sliding/">()({
          permissions,
          input: Credentials,
          answer: SlidingToken,
          handle({ input }) {
            const { username, password } = input();
            return tokens.obtainSliding(username, password).catch(refuse(BAD_CREDENTIALS));
          },
        }),
      },
    },
    {
      ...shared,
      path: "/api/token/sliding/refresh/",
      name: "Token Refresh Sliding",
      description:
        "Takes a sliding JSON web token and returns a new, refreshed version if the\ntoken's refresh period has not expired.",
      writes: { method: "POST", members: SlidingInput },
      routes: {
        POST: routeAt<"/api/token/sliding/refresh/">()({
          permissions,
          input: SlidingInput,
          answer: SlidingToken,
          handle: ({ input }) => tokens.refreshSliding(input().token).catch(refuse(NO_ACCOUNT)),
        }),
      },
    },
  ];
}

function checkingResources(tokens: TokenService): Resource[] {
  return [
    {
      ...shared,
      path: "/api/token/verify/",
      name: "Token Verify",
      description:
        "Takes a token and indicates if it is valid.  This view provides no\ninformation about a token's fitness for a particular use.",
      writes: { method: "POST", members: VerifyInput },
      routes: {
        POST: routeAt<"/api/token/verify/">()({
          permissions,
          input: VerifyInput,
          answer: Empty,
          async handle({ input }) {
            const { token } = input();
            await tokens.verify(token).catch((error: unknown) => {
              if (error instanceof Blacklisted) throw invalid({ non_field_errors: [error.message] });
              return refuse(NO_ACCOUNT)(error);
            });
            return {};
          },
        }),
      },
    },
    {
      ...shared,
      path: "/api/token/blacklist/",
      name: "Token Blacklist",
      description:
        "Takes a token and blacklists it. Must be used with the\n`rest_framework_simplejwt.token_blacklist` app installed.",
      writes: { method: "POST", members: RefreshInput },
      routes: {
        POST: routeAt<"/api/token/blacklist/">()({
          permissions,
          input: RefreshInput,
          answer: Empty,
          async handle({ input }) {
            await tokens.blacklist(input().refresh).catch(refuse(NO_ACCOUNT));
            return {};
          },
        }),
      },
    },
  ];
}

const BAD_CREDENTIALS = "No active account found with the given credentials";
const NO_ACCOUNT = "No active account found for the given token.";

/** Turns what is wrong with a token or its user into the contract's 401. */
const refuse = (noAccount: string) => (error: unknown) => {
  if (error instanceof NoActiveAccount) throw unauthenticated(noAccount);
  if (error instanceof PasswordChanged) throw unauthenticated(error.message);
  if (error instanceof TokenError) throw unauthenticated(error.message, "token_not_valid");
  throw error;
};
