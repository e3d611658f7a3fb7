import { setTimeout as delay } from "node:timers/promises";
import { refreshPair, signIn } from "./actions.ts";
import type { TokenPair } from "./actions.ts";
import { isObject, listMember, member, textMember } from "./json.ts";
import type { Json } from "./json.ts";
import { decodeToken, hs256 } from "./tokens.ts";
import type { DecodedToken } from "./tokens.ts";
import type { World } from "./world.ts";

const ACCESS_LIFETIME_SECONDS = 3600;

/** A pair from a sign-in and the pair that its refresh token gave a second or more later. */
export interface Pairs {
  obtained: TokenPair;
  refreshed: TokenPair;
  /** Seconds since 1970 just before and just after the refresh. */
  refreshedBetween: [number, number];
}

export async function obtainPairs(world: World): Promise<Pairs> {
  const obtained = await signIn(world, "alice");
  await delay(1100); // so that a moment that is copied and one that is new differ
  const from = Math.floor(Date.now() / 1000);
  const refreshed = await refreshPair(world, obtained.refresh);
  return { obtained, refreshed, refreshedBetween: [from, Math.floor(Date.now() / 1000)] };
}

/** Every way in which the tokens are not as the recorded entry takes them apart. */
export function anatomyDifferences(entry: Json, pairs: Pairs, world: World): string[] {
  const name = textMember(entry, "name");
  const { obtained, refreshed, refreshedBetween } = pairs;
  if (name === "response order") {
    return [
      ...unequal("obtain", Object.keys(obtained), listMember(entry, "obtain")),
      ...unequal("refresh", Object.keys(refreshed), listMember(entry, "refresh")),
    ];
  }
  const sent = decodeToken(obtained.refresh).claims;
  const token = decodeToken(textMember(named(pairs), name));
  const { claims } = token;
  const found = formDifferences(entry, token, world);
  switch (name) {
    case "access, from obtain":
      return [...found, ...unequal("same iat", claims["iat"], sent["iat"]), ...differing("jti", claims, sent)];
    case "access, from refresh": {
      const [from, to] = refreshedBetween.map((moment) => moment + ACCESS_LIFETIME_SECONDS);
      const exp = Number(claims["exp"]);
      const fresh = exp >= Number(from) && exp <= Number(to);
      return [
        ...found,
        ...unequal("iat is copied", claims["iat"], sent["iat"]),
        ...(fresh ? [] : [`exp ${exp} does not count from the refresh`]),
      ];
    }
    case "refresh, from refresh":
      return [...found, ...differing("jti", claims, sent), ...differing("iat", claims, sent)];
    default:
      return found;
  }
}

function named({ obtained, refreshed }: Pairs): Record<string, string> {
  return {
    "access, from obtain": obtained.access,
    "refresh, from obtain": obtained.refresh,
    "access, from refresh": refreshed.access,
    "refresh, from refresh": refreshed.refresh,
  };
}

function formDifferences(entry: Json, token: DecodedToken, world: World): string[] {
  const recorded = member(entry, "claims");
  const { claims } = token;
  const values: Record<string, boolean> = {
    "<epoch-seconds>": true,
    "<32 hex digits>": /^[0-9a-f]{32}$/.test(String(claims["jti"])),
    "<id:alice>": claims["user_id"] === world.names.get("id:alice"),
  };
  const wrong = Object.entries(isObject(recorded) ? recorded : {}).filter(
    ([name, value]) => !(values[String(value)] ?? claims[name] === value),
  );
  const types = Object.entries(claims).map(([name, value]) => [name, typeName(value)]);
  const lifetime = member(entry, "exp_minus_iat");
  return [
    ...unequal("header", token.headerJson, member(entry, "header_json")),
    ...unequal("types and order", types, Object.entries(isObject(entry) ? (entry["types"] ?? {}) : {})),
    ...wrong.map(([name]) => `claim ${name}: ${JSON.stringify(claims[name])}`),
    ...unequal("claims as written", token.claimsJson, JSON.stringify(claims)),
    ...unequal("signature", token.signature, hs256(token.signed, world.server.secretKey)),
    ...(typeof lifetime === "number"
      ? unequal("exp minus iat", Number(claims["exp"]) - Number(claims["iat"]), lifetime)
      : []),
  ];
}

function typeName(value: Json): string {
  return Number.isInteger(value) ? "integer" : typeof value;
}

function unequal(what: string, actual: unknown, wanted: unknown): string[] {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(wanted)];
  return left === right ? [] : [`${what}: ${left} instead of ${right}`];
}

function differing(claim: string, one: DecodedToken["claims"], other: DecodedToken["claims"]): string[] {
  return one[claim] === other[claim] ? [`${claim} is not new`] : [];
}
