import assert from "node:assert/strict";
import { after } from "node:test";

import { textMember } from "../contract/json.ts";
import { type Answer, request } from "../support/http.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { claims, PASSWORD, sign } from "../support/tokens.ts";

export const MINUTE = 60;
export const LIFETIME = 5 * MINUTE;
export const REFRESH_LIFETIME = 60 * MINUTE;

let now = 1_800_000_000_000;
/** The servers' time, in whole seconds since 1970. */
export const seconds = () => Math.floor(now / 1000);
/** Lets time pass, in seconds. */
export const pass = (length: number) => {
  now += length * 1000;
};

/** A server whose time only `pass` moves, and that takes access and sliding tokens unless told otherwise. */
export async function startSliding(SIMPLE_JWT: object = {}): Promise<TestServer> {
  const settings = {
    SIMPLE_JWT: {
      AUTH_TOKEN_CLASSES: ["access", "sliding"] as const,
      SLIDING_TOKEN_REFRESH_LIFETIME: REFRESH_LIFETIME,
      ...SIMPLE_JWT,
    },
  };
  const server = await startServer({ settings, now: () => now });
  after(() => server.close());
  return server;
}

export const login = (server: TestServer, username: string, password = PASSWORD) =>
  request(server, "POST", "/api/token/sliding/", { json: { username, password } });
export const slide = (server: TestServer, token: string) =>
  request(server, "POST", "/api/token/sliding/refresh/", { json: { token } });
export const tokenOf = ({ json }: Answer) => textMember(json, "token");
export const obtainSliding = async (server: TestServer, username = "alice") => tokenOf(await login(server, username));
export const contentOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

/** A validly signed sliding token that no server gave out. */
export const slidingToken = (user: string, over: Record<string, unknown> = {}) =>
  sign({
    ...claims("access", user, { iat: seconds(), exp: seconds() + LIFETIME }),
    token_type: "sliding",
    refresh_exp: seconds() + REFRESH_LIFETIME,
    ...JSON.parse(JSON.stringify(over)),
  });

export function assertRefused(answer: Answer, body: object): void {
  assert.equal(answer.status, 401, answer.text);
  assert.deepEqual(answer.json, body);
  assert.equal(answer.header("www-authenticate"), 'Bearer realm="api"');
}

export const notValid = (detail: string) => ({ detail, code: "token_not_valid" });
/** What a token of neither class is answered. */
export const notAnyType = (access: string, sliding: string) => ({
  detail: "Given token not valid for any token type",
  code: "token_not_valid",
  messages: [
    { token_class: "AccessToken", token_type: "access", message: access },
    { token_class: "SlidingToken", token_type: "sliding", message: sliding },
  ],
});
