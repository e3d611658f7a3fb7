import { createHmac, randomUUID } from "node:crypto";

import { type Json, type JsonObject, textMember } from "../contract/json.ts";
import { type Answer, request } from "./http.ts";
import { SECRET_KEY, type TestServer } from "./server.ts";

const HASHES = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;

interface Signing {
  readonly header?: Json;
  readonly key?: string;
  readonly algorithm?: keyof typeof HASHES;
}

export const base64url = (text: string) => Buffer.from(text, "utf8").toString("base64url");

/** The signature over any text, whatever that text says of it. */
export function signature(signed: string, { key = SECRET_KEY, algorithm = "HS256" }: Signing = {}): string {
  return createHmac(HASHES[algorithm], key).update(signed).digest("base64url");
}

/** Signs two parts that are as they are: base64url or not, JSON or not. */
export function signParts(header: string, payload: string, signing: Signing = {}): string {
  return `${header}.${payload}.${signature(`${header}.${payload}`, signing)}`;
}

/** A token over a payload that is any text. */
export function signText(payload: string, signing: Signing = {}): string {
  const header = signing.header ?? { alg: signing.algorithm ?? "HS256", typ: "JWT" };
  return signParts(base64url(JSON.stringify(header)), base64url(payload), signing);
}

/** A token made by hand, correctly signed. */
export const sign = (payload: Json, signing?: Signing): string => signText(JSON.stringify(payload), signing);

type TokenType = "access" | "refresh";

/** Whole seconds since 1970. */
export const nowInSeconds = () => Math.floor(Date.now() / 1000);

/** The claims of a good token; each call gives a new `jti`. A member of `over` that is undefined leaves the claim out. */
export function claims(type: TokenType, user_id: Json, over: Record<string, Json | undefined> = {}): JsonObject {
  const now = nowInSeconds();
  const all: Record<string, Json | undefined> = {
    token_type: type,
    exp: now + 3600,
    iat: now,
    jti: randomUUID().replaceAll("-", ""),
    user_id,
    ...over,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

export const accessToken = (user_id: Json) => sign(claims("access", user_id));
/**
 * A refresh token that the server never gave out.
 * @param at when it was made, in milliseconds since 1970: for servers whose time is moved
 */
export function foreignRefreshToken(user_id: Json, at: number = Date.now()): string {
  const iat = Math.floor(at / 1000);
  return sign(claims("refresh", user_id, { iat, exp: iat + 86_400 }));
}

export const PASSWORD = "a-good-long-password-7";

export interface Pair {
  readonly access: string;
  readonly refresh: string;
}

export const pairOf = ({ json }: Answer): Pair => ({
  access: textMember(json, "access"),
  refresh: textMember(json, "refresh"),
});

/** A pair for a user whose password is `PASSWORD`. */
export async function obtain(server: TestServer, username: string): Promise<Pair> {
  return pairOf(await request(server, "POST", "/api/token/", { json: { username, password: PASSWORD } }));
}

export const refresh = (server: TestServer, token: string) =>
  request(server, "POST", "/api/token/refresh/", { json: { refresh: token } });

export const blacklist = (server: TestServer, token: string) =>
  request(server, "POST", "/api/token/blacklist/", { json: { refresh: token } });

export const verify = (server: TestServer, token: string) =>
  request(server, "POST", "/api/token/verify/", { json: { token } });

/** A guarded route. */
export const asBearer = (server: TestServer, token: string) =>
  request(server, "GET", "/api/conversations/", { bearer: token });

/** What a spent or blacklisted refresh token is answered. */
export const BLACKLISTED = { detail: "Token is blacklisted", code: "token_not_valid" };
/** What a token that is none is answered. */
export const INVALID = { detail: "Token is invalid or expired", code: "token_not_valid" };
export const NO_ACCOUNT = { detail: "No active account found for the given token." };
