import { createHmac, createSecretKey, randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Clock } from "../../server/src/clock.ts";

interface Claims {
  token_type: string;
  exp: number;
  iat: number;
  jti: string;
  user_id: string;
}

/** HS256 tokens as simplejwt has them, an hour and a day long. */
export function createTokens(secretKey: string, clock: Clock) {
  const key = createSecretKey(Buffer.from(secretKey));
  const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");
  const hmac = (text: string) => createHmac("sha256", key).update(text).digest();
  const newId = () => randomUUID().replaceAll("-", "");

  const sign = (claims: Claims): string => {
    const signed = `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
    return `${signed}.${hmac(signed).toString("base64url")}`;
  };

  const read = (token: string): Claims | undefined => {
    const [first, payload = "", signature = ""] = token.split(".");
    const expected = hmac(`${first}.${payload}`);
    const given = Buffer.from(signature, "base64url");
    if (first !== head || given.length !== expected.length || !timingSafeEqual(expected, given)) return undefined;
    const claims: Claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    return claims.exp > clock.seconds() ? claims : undefined;
  };

  return {
    /** The claims of a token with our signature that has not run out. */
    read,
    /** The user whose access token the request shows. */
    bearerOf({ headers: { authorization = "" } }: IncomingMessage): string | undefined {
      const claims = authorization.startsWith("Bearer ") ? read(authorization.slice(7)) : undefined;
      return claims?.token_type === "access" ? claims.user_id : undefined;
    },
    /** `jti` and `exp` are those of the refresh token. */
    makePair(user_id: string, iat?: number) {
      const now = clock.seconds();
      const [exp, jti] = [now + 86_400, newId()];
      return {
        refresh: sign({ token_type: "refresh", exp, iat: now, jti, user_id }),
        access: sign({ token_type: "access", exp: now + 3600, iat: iat ?? now, jti: newId(), user_id }),
        jti,
        exp,
      };
    },
  };
}
