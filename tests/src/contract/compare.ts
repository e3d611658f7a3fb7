import { ANY_DETAIL, describesField } from "./exceptions.ts";
import type { Additions } from "./exceptions.ts";
import type { ExpectedAnswer } from "./exchange.ts";
import { isObject, parseJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { matchesText } from "./placeholders.ts";
import { headerOf, headerValues } from "./send.ts";
import type { Answer } from "./send.ts";

const LISTED_HEADERS = ["content-type", "www-authenticate", "allow", "vary", "location"];
const JSON_PARSE_ERROR = "JSON parse error - ";

/** The recorded members of the objects that lists hold, for rows that the record only counts. */
const RECORDED_MEMBERS = {
  conversation: ["conversation_id", "participants", "messages", "created_at"],
  message: ["message_id", "sender", "conversation", "message_body", "sent_at"],
};

interface Comparison {
  expected: ExpectedAnswer;
  /** Values of placeholders. */
  known: ReadonlyMap<string, string>;
  additions: Additions;
  openHeaders?: string[];
  /** How many spaces the caller asked to indent JSON by; none as a rule. */
  indent?: number;
  /** The body, where the record refers to that of another request. */
  sameAs?: string;
}

/** Every way in which an answer is not the expected one, in words; none where it is. */
export function differences(answer: Answer, comparison: Comparison): string[] {
  const { expected } = comparison;
  const found = answer.status === expected.status ? [] : [`status ${answer.status} instead of ${expected.status}`];
  return [...found, ...headerDifferences(answer, comparison), ...bodyDifferences(answer, comparison)];
}

function headerDifferences(answer: Answer, { expected, known, openHeaders = [] }: Comparison): string[] {
  const found: string[] = [];
  for (const name of LISTED_HEADERS.filter((listed) => !openHeaders.includes(listed))) {
    const wanted = expected.headers[name];
    const actual = headerOf(answer, name);
    const equal =
      typeof wanted === "string" && actual !== undefined ? matchesText(wanted, actual, known) : wanted === actual;
    if (!equal) found.push(`${name}: ${actual} instead of ${String(wanted)}`);
  }
  const everywhere = { "x-content-type-options": "nosniff", "referrer-policy": "same-origin" };
  const required = answer.body.length > 0 ? { ...everywhere, "x-frame-options": "DENY" } : everywhere;
  for (const [name, value] of Object.entries(required)) {
    if (!openHeaders.includes(name) && headerOf(answer, name) !== value)
      found.push(`${name}: ${headerOf(answer, name)} instead of ${value}`);
  }
  return [...found, ...cookieDifferences(answer, expected)];
}

function cookieDifferences(answer: Answer, expected: ExpectedAnswer): string[] {
  const wanted = expected.headers["set-cookie"] ?? [];
  const actual = headerValues(answer, "set-cookie");
  const equal = actual.length === wanted.length && actual.every((line, index) => isCookie(line, wanted[index] ?? ""));
  return equal ? [] : [`set-cookie: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`];
}

/** A placeholder in a set cookie is a new value, and its expiry lies Max-Age from now, within the minute. */
function isCookie(line: string, wanted: string): boolean {
  if (!matchesText(wanted, line, new Map())) return false;
  if (!wanted.includes("<http-date>")) return true;
  const expires = Date.parse(/expires=([^;]+)/.exec(line)?.[1] ?? "");
  const maxAge = Number(/Max-Age=(\d+)/.exec(line)?.[1]);
  return Math.abs(expires - Date.now() - maxAge * 1000) < 60_000;
}

function bodyDifferences(answer: Answer, comparison: Comparison): string[] {
  const wanted = comparison.expected.body;
  const text = answer.body.toString("utf8");
  if (comparison.sameAs !== undefined) {
    return text === comparison.sameAs ? [] : [`body ${text} instead of ${comparison.sameAs}`];
  }
  if (wanted === null) return text === "" ? [] : [`a body where none was recorded: ${text.slice(0, 200)}`];
  if (typeof wanted === "string" && wanted.startsWith("<html page: ")) return text === "" ? ["no page"] : [];
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    return [`no JSON: ${text.slice(0, 200)}`];
  }
  const asSent = JSON.stringify(value, null, comparison.indent);
  const found = text === asSent ? [] : [`JSON written ${text.slice(0, 200)} instead of ${asSent.slice(0, 200)}`];
  if (wanted === ANY_DETAIL) {
    const detail = isObject(value) ? value["detail"] : undefined;
    return typeof detail === "string" && detail !== "" ? found : [...found, `no detail: ${text}`];
  }
  return [...found, ...valueDifferences(wanted, value, "body", comparison)];
}

function valueDifferences(wanted: Json, actual: Json, path: string, comparison: Comparison): string[] {
  if (typeof wanted === "string") {
    const rows = /^<(\d+) rows(?:: (.*) … (.*))?>$/.exec(wanted);
    if (rows !== null) return rowDifferences(rows, actual, path, comparison);
    const equal =
      typeof actual === "string" &&
      (wanted.startsWith(JSON_PARSE_ERROR)
        ? actual.startsWith(JSON_PARSE_ERROR)
        : matchesText(wanted, actual, comparison.known));
    return equal ? [] : [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`];
  }
  if (Array.isArray(wanted) && Array.isArray(actual) && wanted.length === actual.length) {
    return actual.flatMap((item, index) =>
      valueDifferences(wanted[index] ?? null, item, `${path}[${index}]`, comparison),
    );
  }
  if (isObject(wanted) && isObject(actual)) return objectDifferences(wanted, actual, path, comparison);
  return wanted === actual ? [] : [`${path}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`];
}

function objectDifferences(wanted: JsonObject, actual: JsonObject, path: string, comparison: Comparison): string[] {
  const found = memberDifferences(Object.keys(wanted), actual, path, comparison.additions);
  for (const [name, value] of Object.entries(wanted)) {
    const present = actual[name];
    if (present !== undefined) found.push(...valueDifferences(value, present, `${path}.${name}`, comparison));
  }
  return found;
}

/** The members' names and order, and whether the additions are well formed. */
function memberDifferences(recorded: string[], actual: JsonObject, path: string, additions: Additions): string[] {
  const checks = additionsTo(recorded, additions);
  const wanted = [...recorded, ...Object.keys(checks)];
  const names = Object.keys(actual);
  if (names.join() !== wanted.join()) return [`${path}: members ${names.join(", ")} instead of ${wanted.join(", ")}`];
  const id = actual["conversation_id"] ?? actual["message_id"];
  return Object.entries(checks)
    .filter(([name, check]) => {
      const value = actual[name] ?? null;
      return !(isObject(id) ? describesField(value) : check(value, actual));
    })
    .map(([name]) => `${path}.${name}: ${JSON.stringify(actual[name])} is not well formed`);
}

function additionsTo(recorded: string[], additions: Additions): Additions["message"] {
  if (recorded.includes("conversation_id")) return additions.conversation;
  return recorded.includes("message_id") ? additions.message : {};
}

/** Rows that the record counts: how many, the first and last text, and their members. */
function rowDifferences(rows: RegExpExecArray, actual: Json, path: string, comparison: Comparison): string[] {
  const [wanted, count, first, last] = rows;
  if (!Array.isArray(actual)) return [`${path}: no list`];
  const bodies = [actual.at(0), actual.at(-1)].map((row) =>
    isObject(row) && "conversation_id" in row ? "conversation" : isObject(row) ? row["message_body"] : undefined,
  );
  const found =
    actual.length === Number(count) && bodies[0] === first && bodies[1] === last
      ? []
      : [`${path}: ${actual.length} rows, ${String(bodies[0])} … ${String(bodies[1])}, instead of ${wanted}`];
  const rowsFound = actual.flatMap((row, index) => {
    if (!isObject(row)) return [`${path}[${index}]: no object`];
    const kind = "conversation_id" in row ? "conversation" : "message";
    return memberDifferences(RECORDED_MEMBERS[kind], row, `${path}[${index}]`, comparison.additions);
  });
  return [...found, ...rowsFound];
}
