import { accepted, isRecord, type Reader, refused } from "./reader.ts";

/** A length of time: a number of seconds, or the keywords of Python's `timedelta`, added up. */
export type Timedelta =
  | number
  | {
      readonly weeks?: number;
      readonly days?: number;
      readonly hours?: number;
      readonly minutes?: number;
      readonly seconds?: number;
    };

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Longer than any login should live, and far below the years a date can hold. */
export const TEN_YEARS = 3650 * DAY;

const SECONDS_IN: ReadonlyMap<string, number> = new Map([
  ["weeks", 7 * DAY],
  ["days", DAY],
  ["hours", HOUR],
  ["minutes", MINUTE],
  ["seconds", 1],
]);

/**
 * A length of time in whole seconds, `least` to `most`, both included: the claims of a token count whole seconds
 * (RFC 7519, 4.1.4 as simplejwt writes it). In the environment: `3600`, `60 minutes`, `1 day 12 hours`.
 */
export function duration(least: number, most: number): Reader<number> {
  const expects = `a length of time from ${inWords(least)} to ${inWords(most)}, such as 3600 (seconds), { minutes: 60 } or, in the environment, "60 minutes"`;
  return {
    expects,
    parse: parseDuration,
    read(value) {
      if (!isRecord(value) || Object.keys(value).length === 0) {
        const isGood = typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
        return isGood ? accepted(value) : refused(value, expects);
      }
      const unknownUnit = Object.keys(value).find((unit) => !SECONDS_IN.has(unit));
      if (unknownUnit !== undefined) {
        return {
          ok: false,
          problem: `has the unit ${JSON.stringify(unknownUnit)}; write ${[...SECONDS_IN.keys()].join(", ")}`,
        };
      }
      const seconds = addUnits(value);
      const isGood = Number.isInteger(seconds) && seconds >= least && seconds <= most;
      if (isGood) return accepted(seconds);
      return {
        ok: false,
        problem: `${Number.isNaN(seconds) ? "has a unit that is not a number" : `is ${seconds} seconds`}; write ${expects}`,
      };
    },
  };
}

function addUnits(units: Readonly<Record<string, unknown>>): number {
  let seconds = 0;
  for (const [unit, secondsInUnit] of SECONDS_IN) {
    const amount = units[unit];
    if (amount !== undefined) seconds += typeof amount === "number" ? amount * secondsInUnit : Number.NaN;
  }
  // timedelta counts microseconds; without the rounding 1.1 hours would not be a whole number of seconds.
  return Math.round(seconds * 1e6) / 1e6;
}

function parseDuration(text: string): unknown {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,15}(\.\d{1,6})?$/.test(trimmed)) return Number(trimmed);
  const units: Record<string, number> = {};
  for (const part of trimmed.toLowerCase().split(/\s*,\s*|(?<=[a-z])\s+(?=[\d-])/)) {
    const [, amount, unit] = /^(-?\d{1,15}(?:\.\d{1,6})?)\s*([a-z]+)$/.exec(part) ?? [];
    const unitInPlural = unit === undefined || unit.endsWith("s") ? unit : `${unit}s`;
    if (amount === undefined || unitInPlural === undefined || !SECONDS_IN.has(unitInPlural)) return text;
    units[unitInPlural] = (units[unitInPlural] ?? 0) + Number(amount);
  }
  return units;
}

function inWords(seconds: number): string {
  if (seconds === TEN_YEARS) return "10 years";
  if (seconds === HOUR) return "1 hour";
  if (seconds === DAY) return "1 day";
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}
