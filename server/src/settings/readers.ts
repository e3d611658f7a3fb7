import { accepted, type Reader, type Reading, refused, refusedUnseen } from "./reader.ts";

const BOOLEAN_WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["false", false],
  ["0", false],
  ["no", false],
]);

/** `true` or `false`; in the environment also 1/0 and yes/no, in any case. */
export function boolean(): Reader<boolean> {
  const expects = "true or false";
  return {
    expects,
    parse: (written) => BOOLEAN_WORDS.get(written.trim().toLowerCase()) ?? written,
    read: (value) => (typeof value === "boolean" ? accepted(value) : refused(value, expects)),
  };
}

/** A whole number within limits, both included. */
export function wholeNumber(least: number, most: number): Reader<number> {
  const expects = `a whole number from ${least} to ${most}`;
  return {
    expects,
    parse: (written) => (/^\s*[+-]?\d{1,15}\s*$/.test(written) ? Number(written) : written),
    read: (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
        ? accepted(value)
        : refused(value, expects),
  };
}

/** One of a few words. Case does not count; the answer has the listed spelling. */
export function choice<const Word extends string>(words: readonly Word[], expects: string): Reader<Word> {
  return {
    expects,
    parse: (written) => written.trim(),
    read(value) {
      const wanted = typeof value === "string" ? value.toLowerCase() : undefined;
      const word = words.find((candidate) => candidate.toLowerCase() === wanted);
      return word === undefined ? refused(value, expects) : accepted(word);
    },
  };
}

/** Text that is not empty and, where `isAllowed` is given, satisfies it. */
export function text(expects: string, isAllowed: (value: string) => boolean = () => true): Reader<string> {
  return {
    expects,
    parse: (written) => written.trim(),
    read: (value) =>
      typeof value === "string" && value !== "" && value.isWellFormed() && isAllowed(value)
        ? accepted(value)
        : refused(value, expects),
  };
}

/** Text that is taken exactly as it stands and never shown, not even when refused. */
export function secretText(expects: string): Reader<string> {
  return {
    expects,
    parse: (written) => written,
    read: (value) =>
      typeof value === "string" && value !== "" && value.isWellFormed()
        ? accepted(value)
        : refusedUnseen(value, expects),
  };
}

/** A list, in the environment separated by commas. Every entry is read by `entry`; the first bad one is reported. */
export function list<Entry>(expects: string, entry: Reader<Entry>): Reader<readonly Entry[]> {
  return {
    expects,
    parse: splitAtCommas,
    read(value) {
      if (!Array.isArray(value)) return refused(value, expects);
      const entries: Entry[] = [];
      for (const [index, item] of value.entries()) {
        const reading = entry.read(item);
        if (!reading.ok)
          return { ok: false, problem: `has a wrong entry (number ${index + 1}): it ${reading.problem}` };
        entries.push(reading.value);
      }
      return accepted(entries);
    },
  };
}

/** A list with at least one entry; a single entry may stand without the list, as simplejwt allows. */
export function oneOrMore<Entry>(expects: string, entry: Reader<Entry>): Reader<readonly Entry[]> {
  const many = list(expects, entry);
  return {
    expects,
    parse: splitAtCommas,
    read(value): Reading<readonly Entry[]> {
      const reading = many.read(typeof value === "string" ? [value] : value);
      return reading.ok && reading.value.length === 0
        ? { ok: false, problem: `is an empty list; write ${expects}` }
        : reading;
    },
  };
}

/** Also takes `null`, which is Python's None: the setting is off. */
export function orNull<Value>(reader: Reader<Value>): Reader<Value | undefined> {
  const expects = `${reader.expects}, or null`;
  return {
    expects,
    parse: (written) => reader.parse(written),
    read: (value) => (value === null ? accepted(undefined) : reader.read(value)),
  };
}

function splitAtCommas(value: string): readonly string[] {
  return value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
