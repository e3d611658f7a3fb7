import { createJwtCodec, type JwtCodec } from "../../../server/src/auth/jwt.ts";
import { createKeys, type KeySettings } from "../../../server/src/auth/keys.ts";
import type { Log } from "../../../server/src/log.ts";
import { nowInSeconds } from "../support/tokens.ts";

const silent: Log = { error: () => {}, warn: () => {}, info: () => {} };

interface Options {
  /** Whole seconds since 1970. */
  readonly now?: () => number;
  readonly log?: Log;
}

/** A codec under these keys that asks for no audience and no issuer. */
export function codecOf(
  given: Pick<KeySettings, "algorithm" | "signingKey"> & Partial<KeySettings>,
  { now = nowInSeconds, log = silent }: Options = {},
): JwtCodec {
  const settings = { verifyingKey: undefined, earlierVerifyingKeys: [], jwkUrl: undefined, ...given };
  const keys = createKeys(settings, { now, log });
  return createJwtCodec({ keys, audience: undefined, issuer: undefined, leewaySeconds: 0, now });
}
