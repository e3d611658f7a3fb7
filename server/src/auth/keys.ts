import { createPublicKey, createSecretKey, type KeyObject } from "node:crypto";

import type { JwtSettings } from "../config.ts";
import type { Log } from "../log.ts";
import type { Algorithm } from "../settings/words.ts";
import { isSymmetric } from "./algorithms.ts";
import { createJwkSet } from "./jwk-set.ts";
import { isKid } from "./jwk.ts";
import { type KeyReading, readPrivateKey, readPublicKey } from "./pem.ts";
import { createSigner, createVerifier, type Signer, type Verifier } from "./signatures.ts";

/** The keys of this server's tokens: all for one algorithm, none of them from a token. */
export interface Keys {
  readonly algorithm: Algorithm;
  /** Undefined where tokens are checked here but made elsewhere. */
  readonly sign: Signer | undefined;
  /** The keys that may have signed a token whose header has this `kid`, which only chooses among trusted ones. */
  verifiersFor(kid: unknown): readonly Verifier[];
  /** Another object whenever the keys may be others: what was verified under those before counts no more. */
  generation(): object;
  /**
   * Fetches the key of that `kid`, where keys are fetched and it is not at hand: undefined where there is nothing to wait
   * for. Never rejects.
   */
  fetchFor?(kid: unknown): Promise<void> | undefined;
}

export type KeySettings = Pick<
  JwtSettings,
  "algorithm" | "signingKey" | "verifyingKey" | "earlierVerifyingKeys" | "jwkUrl"
>;

interface Dependencies {
  /** Whole seconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/** @throws Error for a key that is none or does not fit the algorithm; settings are checked for that before */
export function createKeys(settings: KeySettings, { now, log }: Dependencies): Keys {
  const { algorithm, jwkUrl } = settings;
  const { sign, verifiers } = isSymmetric(algorithm) ? secrets(settings) : keyPairs(settings);
  if (jwkUrl === undefined) {
    // With keys of our own there is nothing to choose by its name.
    return { algorithm, sign, verifiersFor: () => verifiers, generation: () => verifiers };
  }

  const jwkSet = createJwkSet({ url: jwkUrl, algorithm, now, log });
  return {
    algorithm,
    sign,
    verifiersFor(kid) {
      // The tokens made here name no key.
      if (kid === undefined) return verifiers;
      const verifier = isKid(kid) ? jwkSet.current().get(kid) : undefined;
      return verifier === undefined ? [] : [verifier];
    },
    generation: () => jwkSet.current(),
    fetchFor: (kid) => (isKid(kid) ? jwkSet.fetchFor(kid) : undefined),
  };
}

interface OwnKeys {
  readonly sign: Signer | undefined;
  readonly verifiers: readonly Verifier[];
}

function secrets({ algorithm, signingKey, earlierVerifyingKeys }: KeySettings): OwnKeys {
  if (signingKey === undefined) throw new Error(`no secret for ${algorithm}`);
  const keyOf = (text: string) => createSecretKey(Buffer.from(text, "utf8"));
  return {
    sign: createSigner(algorithm, keyOf(signingKey)),
    verifiers: [signingKey, ...earlierVerifyingKeys].map((text) => createVerifier(algorithm, keyOf(text))),
  };
}

function keyPairs({ algorithm, signingKey, verifyingKey, earlierVerifyingKeys }: KeySettings): OwnKeys {
  const privateKey = signingKey === undefined ? undefined : usable(readPrivateKey(signingKey, algorithm));
  const own = privateKey === undefined ? [] : [createPublicKey(privateKey)];
  const current = verifyingKey === undefined ? own : [usable(readPublicKey(verifyingKey, algorithm))];
  const earlier = earlierVerifyingKeys.map((text) => usable(readPublicKey(text, algorithm)));
  return {
    sign: privateKey === undefined ? undefined : createSigner(algorithm, privateKey),
    verifiers: [...current, ...earlier].map((key) => createVerifier(algorithm, key)),
  };
}

function usable(reading: KeyReading): KeyObject {
  if (!reading.ok) throw new Error(`a key ${reading.problem}`);
  return reading.key;
}
