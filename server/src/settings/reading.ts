import { isDeepStrictEqual } from "node:util";
import { removedSettings, unsupportedSettings } from "./catalogue.ts";
import type { Reader, Reading } from "./reader.ts";
import type { Setting } from "./setting.ts";
import type { GivenSettings, GivenValue } from "./sources.ts";

/** Typed values read out of what was given, and what is wrong with it. */
export interface SettingsReading {
  /** The winning value, or the default where none was given or every one was wrong. */
  read<Value>(setting: Setting<Value>): Value;
  isGiven(setting: Setting<unknown>): boolean;
  /** Whether all of these were read without a problem: only then does it help to compare them. */
  areSound(...settings: readonly Setting<unknown>[]): boolean;
  /** The setting's name and the place its winning value comes from. */
  labelOf(setting: Setting<unknown>): string;
  /** One for each wrong value, in the order of reading. */
  readonly problems: Iterable<string>;
}

export function readSettings(given: GivenSettings): SettingsReading {
  // A set: a setting may be read more than once.
  const problems = new Set([...given.problems, ...refusals(given)]);
  const faulty = new Set<string>();
  const valuesOf = (name: string) => given.values.get(name) ?? [];

  return {
    problems,
    isGiven: ({ name }) => valuesOf(name).length > 0,
    areSound: (...settings) => settings.every(({ name }) => !faulty.has(name)),
    labelOf: ({ name }) => valuesOf(name).at(-1)?.label ?? `${name} (default)`,
    read(setting) {
      let winner = setting.default;
      for (const value of valuesOf(setting.name)) {
        const reading = readOne(setting.reader, value);
        if (reading.ok) winner = reading.value;
        else {
          faulty.add(setting.name);
          problems.add(`${value.label} ${reading.problem}`);
        }
      }
      return winner;
    },
  };
}

function* refusals(given: GivenSettings): Generator<string> {
  for (const { name, reader, accepts, instead } of unsupportedSettings) {
    for (const value of given.values.get(name) ?? []) {
      const reading = readOne(reader, value);
      const isDefault = reading.ok && accepts.some((candidate) => isDeepStrictEqual(candidate, reading.value));
      if (!isDefault) yield `${value.label} is not supported: ${instead}`;
    }
  }
  for (const { name, instead } of removedSettings) {
    for (const { label } of given.values.get(name) ?? []) yield `${label} was removed from simplejwt: ${instead}`;
  }
}

function readOne<Value>(reader: Reader<Value>, { value, isText }: GivenValue): Reading<Value> {
  return reader.read(isText && typeof value === "string" ? reader.parse(value) : value);
}
