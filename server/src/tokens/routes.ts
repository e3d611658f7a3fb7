import {
  Credentials,
  Empty,
  RefreshedTokens,
  RefreshInput,
  RefreshShown,
  TokenPair,
  VerifyInput,
} from "@earshot/protocol";

import { TokenError } from "../auth/token-types.ts";
import { invalid, unauthenticated } from "../http/errors.ts";
import { type Resource, routeAt } from "../http/resource.ts";
import { AllowAny } from "../permissions/classes.ts";
import { Blacklisted, NoActiveAccount, type TokenService } from "./service.ts";

/** Far more than a token or a password needs, in bytes: who is not known yet gets less room. */
const BODY_LIMIT = 128 * 1024;

/** `/api/token/` (contract: token-obtain.json, token-refresh.json, token-verify.json, token-blacklist.json). */
export function tokenResources(tokens: TokenService): Resource[] {
  const shared = { authentication: [], permissions: [AllowAny], bodyLimit: BODY_LIMIT };
  const permissions = [AllowAny];

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
            return tokens
              .obtain(username, password)
              .catch(refuse("No active account found with the given credentials"));
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
          handle: ({ input }) =>
            tokens.refresh(input().refresh).catch(refuse("No active account found for the given token.")),
        }),
      },
    },
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
              return refuse("")(error);
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
            await tokens.blacklist(input().refresh).catch(refuse(""));
            return {};
          },
        }),
      },
    },
  ];
}

/** Turns what is wrong with a token or its user into the contract's 401. */
const refuse = (noAccount: string) => (error: unknown) => {
  if (error instanceof NoActiveAccount) throw unauthenticated(noAccount);
  if (error instanceof TokenError) throw unauthenticated(error.message, "token_not_valid");
  throw error;
};
