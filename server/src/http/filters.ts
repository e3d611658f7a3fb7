import type { FieldErrors } from "@earshot/protocol";

import { toMoment } from "../clock.ts";
import { canonicalUuid } from "../ids.ts";
import { invalid } from "./errors.ts";
import type { Query } from "./query.ts";

/** A moment before and one after every other, for filters that were not given. */
export const EARLIEST = "0000-01-01T00:00:00.000000Z";
export const LATEST = "9999-12-31T23:59:59.999999Z";

/** Reads filters out of a query and collects what is wrong with them, in the order they are asked for. */
export class Filters {
  readonly #query: Query;
  readonly #errors: [string, string[]][] = [];

  constructor(query: Query) {
    this.#query = query;
  }

  /** An id; null where the filter is not there or empty. */
  id(name: string): string | null {
    return this.#read(name, canonicalUuid, "Enter a valid UUID.");
  }

  /** A moment in the stored form; null where the filter is not there or empty. */
  moment(name: string): string | null {
    return this.#read(name, readMoment, "Enter a valid date/time.");
  }

  /** A whole number within bounds; null where it is not there. */
  integer(name: string, least: number, most: number): number | null {
    const text = this.#query.get(name);
    if (text === undefined) return null;
    const number = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (Number.isNaN(number)) return this.#refuse(name, "Enter a whole number.");
    if (number < least) return this.#refuse(name, `Ensure this value is greater than or equal to ${least}.`);
    if (number > most) return this.#refuse(name, `Ensure this value is less than or equal to ${most}.`);
    return number;
  }

  /** @throws ApiError 400 with what was wrong with any of them */
  check(): void {
    if (this.#errors.length > 0) throw invalid(Object.fromEntries(this.#errors) satisfies FieldErrors);
  }

  #read(name: string, reader: (text: string) => string | undefined, error: string): string | null {
    const text = this.#query.get(name)?.trim() ?? "";
    if (text === "") return null;
    return reader(text) ?? this.#refuse(name, error);
  }

  #refuse(name: string, error: string): null {
    this.#errors.push([name, [error]]);
    return null;
  }
}

const MOMENT =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d{0,6})?)?(Z|([+-])(\d{2})(?::?(\d{2}))?)?$/;

/** ISO 8601 as Django's `parse_datetime` takes it; without a zone it is UTC. */
function readMoment(text: string): string | undefined {
  const match = MOMENT.exec(text);
  if (match === null) return undefined;
  const at = (group: number) => Number(match[group] ?? 0);
  const [year, month, day, hour, minute, second] = [at(1), at(2), at(3), at(4), at(5), at(6)];
  const [zoneHours, zoneMinutes] = [at(10), at(11)];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDate = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year > 0;
  if (!isDate || hour > 23 || minute > 59 || second > 59 || zoneHours > 23 || zoneMinutes > 59) return undefined;
  const offset = (match[9] === "-" ? -1 : 1) * (zoneHours * 60 + zoneMinutes);
  date.setUTCHours(hour, minute - offset, second);
  const micros = date.getTime() * 1000 + Number((match[7] ?? "").padEnd(6, "0"));
  const moment = toMoment(micros);
  return /^\d{4}-/.test(moment) ? moment : undefined;
}

/** More words, or longer ones, than anyone searches for; the time of a search grows with both. */
const SEARCH_WORDS_MAX = 10;
const SEARCH_WORD_MAX_LENGTH = 100;

/**
 * The patterns of `?search=`: words apart at white space and commas, all of which must be found.
 * @throws ApiError 400
 */
export function searchPatterns(query: Query): string {
  const search = query.get("search");
  if (search === undefined) return "[]";
  const words = search
    .replaceAll("\0", "")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (words.length > SEARCH_WORDS_MAX || words.some(({ length }) => length > SEARCH_WORD_MAX_LENGTH)) {
    throw invalid({
      search: [`Search for at most ${SEARCH_WORDS_MAX} words of at most ${SEARCH_WORD_MAX_LENGTH} characters each.`],
    });
  }
  return JSON.stringify(words.map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`));
}

/** The direction of `?ordering=`: the first of its names that is known counts; undefined where none is. */
export function ordering(query: Query, field: string): "asc" | "desc" | undefined {
  const names = (query.get("ordering") ?? "").split(",").map((name) => name.trim());
  const known = names.find((name) => name === field || name === `-${field}`);
  return known === undefined ? undefined : known.startsWith("-") ? "desc" : "asc";
}
