import { signIn } from "./actions.ts";
import { decodeToken, mint, withBadSignature } from "./tokens.ts";
import type { JsonObject } from "./json.ts";
import type { World } from "./world.ts";

type Maker = (world: World) => Promise<string>;

const now = () => Math.floor(Date.now() / 1000);
const later = () => now() + 9999;

/** Tokens of the recorded requests that no sign-in gives, by placeholder. */
const makers: Record<string, Maker> = {
  "jwt:refresh:expired": alices(() => ({
    token_type: "refresh",
    exp: now() - 60,
    iat: now() - 90_000,
    jti: "a".repeat(32),
  })),
  "jwt:refresh:bad-signature": async (world) => withBadSignature(await world.valueOf("jwt:refresh:alice-3")),
  "jwt:refresh:alg-none": alices(() => ({ token_type: "refresh", exp: later(), iat: now(), jti: "b".repeat(32) }), {
    alg: "none",
    typ: "JWT",
  }),
  "jwt:other-type": alices(() => ({ token_type: "sliding", exp: later(), iat: now(), jti: "d".repeat(32) })),
  "jwt:no-type": alices(() => ({ exp: later(), iat: now(), jti: "e".repeat(32) })),
  "jwt:no-exp": alices(() => ({ token_type: "refresh", iat: now(), jti: "f".repeat(32) })),
  "jwt:refresh:no-jti": alices(() => ({ token_type: "refresh", exp: later(), iat: now() })),
  "jwt:access:expired": alices(() => ({
    token_type: "access",
    exp: now() - 60,
    iat: now() - 3660,
    jti: "a1".repeat(16),
  })),
  "jwt:access:bad-signature": async (world) => withBadSignature(await world.valueOf("jwt:access:alice")),
  "jwt:access:another-secret": async (world) => mint(await claimsOfAlice(world), "another secret"),
  "jwt:access:alg-none": async (world) =>
    mint(await claimsOfAlice(world), world.server.secretKey, { alg: "none", typ: "JWT" }),
  "jwt:access:hs512-header": async (world) =>
    mint(await claimsOfAlice(world), world.server.secretKey, { alg: "HS512", typ: "JWT" }),
  "jwt:access:no-user-id": async (world) =>
    mint({ token_type: "access", exp: later(), iat: now(), jti: "a2".repeat(16) }, world.server.secretKey),
  "jwt:access:no-jti": alices(() => ({ token_type: "access", exp: later(), iat: now() })),
  "jwt:access:no-exp": alices(() => ({ token_type: "access", iat: now(), jti: "a3".repeat(16) })),
  "jwt:access:iat-in-future": alices(() => ({
    token_type: "access",
    exp: later(),
    iat: now() + 5000,
    jti: "a4".repeat(16),
  })),
};

/** Signs in and names the pair: `<jwt:access:LABEL>` and `<jwt:refresh:LABEL>`. */
export async function namePair(world: World, username: string, label: string): Promise<void> {
  const pair = await signIn(world, username);
  world.names.set(`jwt:access:${label}`, pair.access);
  world.names.set(`jwt:refresh:${label}`, pair.refresh);
}

/** The token of that placeholder; undefined where it names none that can be made now. */
export async function makeNamedToken(world: World, name: string): Promise<string | undefined> {
  const numbered = /^jwt:(?:access|refresh):((alice)-\d)$/.exec(name);
  if (numbered?.[1] !== undefined && numbered[2] !== undefined) {
    await namePair(world, numbered[2], numbered[1]);
    return world.names.get(name);
  }
  return makers[name]?.(world);
}

/** A correctly signed access token with an odd claim, the others being alice's. */
export async function nameOddAccessToken(world: World, odd: JsonObject): Promise<void> {
  const alice = alices(
    () => ({ token_type: "access", exp: later(), iat: now(), jti: "d1".repeat(16) }),
    undefined,
    odd,
  );
  world.names.set("jwt:access:odd", await alice(world));
}

function alices(claims: () => JsonObject, header?: JsonObject, over: JsonObject = {}): Maker {
  return async (world) =>
    mint({ ...claims(), user_id: await world.valueOf("id:alice"), ...over }, world.server.secretKey, header);
}

async function claimsOfAlice(world: World): Promise<JsonObject> {
  return decodeToken(await world.valueOf("jwt:access:alice")).claims;
}
