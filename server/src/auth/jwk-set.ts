import type { Log } from "../log.ts";
import type { Algorithm } from "../settings/words.ts";
import { fetchText } from "./fetch-text.ts";
import { readJwkSet } from "./jwk.ts";
import { createVerifier, type Verifier } from "./signatures.ts";

/** So long a fetched set is taken as it is, in seconds: a key that its issuer has withdrawn ends within that time. */
const FRESH_SECONDS = 300;
/** The least time between two fetches, in seconds, however many unknown keys are asked for. */
const RETRY_SECONDS = 10;
/** So long the last set is used while its issuer cannot be reached, in seconds. */
const USABLE_SECONDS = 3600;
/** How long a fetch may take, and those who wait for it, in milliseconds. */
const DEADLINE_MS = 5000;

type Keys = ReadonlyMap<string, Verifier>;

const NO_KEYS: Keys = new Map();

/** The verifying keys that an issuer publishes at an address (RFC 7517), kept for a while. */
export interface JwkSet {
  /** The keys at hand, by `kid`; another object whenever they were fetched anew, or became too old to be used. */
  current(): Keys;
  /**
   * Fetches the set where the key is not in it, or it is not fresh any more: undefined where there is nothing to wait for.
   * Never rejects; it takes as long as one fetch at most.
   */
  fetchFor(kid: string): Promise<void> | undefined;
}

interface Options {
  readonly url: string;
  readonly algorithm: Algorithm;
  /** Whole seconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

export function createJwkSet({ url, algorithm, now, log }: Options): JwkSet {
  let keys = NO_KEYS;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let lastTryFailed = false;
  let fetching: Promise<void> | undefined;

  /** A clock that was set back makes everything old. */
  const since = (moment: number) => (now() < moment ? Infinity : now() - moment);
  const current = () => (since(fetchedAt) < USABLE_SECONDS ? keys : NO_KEYS);

  const fetchNow = async () => {
    try {
      const verifiers = [...readJwkSet(await fetchText(url, DEADLINE_MS), algorithm)].map(
        ([kid, key]) => [kid, createVerifier(algorithm, key)] as const,
      );
      keys = new Map(verifiers);
      fetchedAt = triedAt;
      lastTryFailed = false;
      if (keys.size === 0) log.warn({ algorithm }, "JWK_URL has no key that this server could use");
    } catch (error) {
      lastTryFailed = true;
      log.warn({ reason: error instanceof Error ? error.message : "unknown" }, "the keys of JWK_URL cannot be fetched");
    } finally {
      fetching = undefined;
    }
  };

  return {
    current,
    fetchFor(kid) {
      const isKnown = current().has(kid);
      if (isKnown && since(fetchedAt) < FRESH_SECONDS) return undefined;
      if (fetching === undefined && since(triedAt) >= RETRY_SECONDS) {
        triedAt = now();
        fetching = fetchNow();
      }
      // While the issuer is in trouble, its known keys are used without a wait for it.
      return isKnown && lastTryFailed ? undefined : fetching;
    },
  };
}
