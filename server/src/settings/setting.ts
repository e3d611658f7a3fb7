import type { Reader } from "./reader.ts";

/** The definition of one setting: enough to read it, to explain it and to print it in the documentation. */
export interface Setting<Value> {
  /** As people write it: `PORT`, or with its group, `SIMPLE_JWT.ALGORITHM`. */
  readonly name: string;
  readonly environmentName: string;
  readonly reader: Reader<Value>;
  /** The resolved value where nothing is set. */
  readonly default: Value;
  /** The default in words, for people. */
  readonly defaultInWords: string;
  /** One sentence. */
  readonly description: string;
}

/** A simplejwt setting this release does not have: only the values in `accepts`, simplejwt's own defaults, are taken. */
export interface UnsupportedSetting<Accepted> {
  readonly name: string;
  readonly environmentName: string;
  readonly reader: Reader<unknown>;
  readonly accepts: readonly Accepted[];
  /** Continues the sentence "X is not supported: …". */
  readonly instead: string;
}

/** A name simplejwt removed long ago. */
export interface RemovedSetting {
  readonly name: string;
  readonly environmentName: string;
  readonly instead: string;
}

/** `ALGORITHM` in the group `SIMPLE_JWT` is `SIMPLE_JWT.ALGORITHM` for people and `SIMPLE_JWT_ALGORITHM` in the environment. */
export function namesOf(key: string, group?: string): { readonly name: string; readonly environmentName: string } {
  return group === undefined
    ? { name: key, environmentName: key }
    : { name: `${group}.${key}`, environmentName: `${group}_${key}` };
}

export function setting<Value>(
  key: string,
  definition: Omit<Setting<Value>, "name" | "environmentName">,
  group?: string,
): Setting<Value> {
  return { ...namesOf(key, group), ...definition };
}
