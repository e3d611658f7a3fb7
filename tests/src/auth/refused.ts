import assert from "node:assert/strict";

import type { TestServer } from "../support/server.ts";
import {
  accessToken,
  asBearer,
  base64url,
  blacklist,
  foreignRefreshToken,
  refresh,
  signParts,
  verify,
} from "../support/tokens.ts";

/** Checks that no route takes a token made this way out of a good one of that user. */
export const refusalBy =
  (server: TestServer, user_id: string) =>
  async (spoil: (token: string) => string): Promise<void> => {
    const guarded = await asBearer(server, spoil(accessToken(user_id)));
    assert.equal(guarded.status, 401, guarded.text.slice(0, 200));
    for (const use of [refresh, blacklist, verify]) {
      const answer = await use(server, spoil(foreignRefreshToken(user_id)));
      assert.equal(answer.status, 401, answer.text.slice(0, 200));
    }
  };

/** Header, payload and signature. */
export const partsOf = (token: string): [string, string, string] => {
  const [header = "", payload = "", last = ""] = token.split(".");
  return [header, payload, last];
};

/** The same claims under another header, signed rightly unless `signing` says otherwise. */
export const withHeader = (header: unknown, signing?: Parameters<typeof signParts>[2]) => (token: string) =>
  signParts(base64url(JSON.stringify(header)), partsOf(token)[1], signing);
