import type { Json, JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import { decodeToken } from "./tokens.ts";

const PLACEHOLDER = /<((?:id|jwt):[^<>]+|uuid|datetime(?::[^<>]+)?|csrftoken(?::[^<>]+)?|sessionid|host|http-date)>/;

const PATTERNS: Record<string, string> = {
  uuid: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  datetime: "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.(?!000000)\\d{6})?Z",
  "jwt:access": "[\\w-]+\\.[\\w-]+\\.[\\w-]+",
  "jwt:refresh": "[\\w-]+\\.[\\w-]+\\.[\\w-]+",
  csrftoken: "[A-Za-z0-9]{64}",
  sessionid: "[A-Za-z0-9]{32}",
  "http-date": "[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT",
};

/** Bodies that the record describes instead of spelling out. */
const DESCRIBED_BODIES = new Map<string, Buffer>([
  ['{"username": "<bytes ff fe>"}', Buffer.from('{"username": "\xff\xfe"}', "latin1")],
  ["<100000 times [>", Buffer.from("[".repeat(100_000))],
  ["<2.7 MB>", Buffer.from(`username=${"a".repeat(2_700_000)}`)],
]);

/** Gives the value that a placeholder, named without its brackets, stands for; rejects where there is none. */
type Lookup = (name: string) => Promise<string>;

/** The text of a request with its placeholders filled in. */
export async function fillText(text: string, lookup: Lookup): Promise<string> {
  let filled = "";
  for (const part of partsOf(text)) {
    filled += "literal" in part ? part.literal : await lookup(part.placeholder);
  }
  return filled;
}

/** A JSON value of a request with its placeholders filled in. */
export async function fillJson(value: Json, lookup: Lookup): Promise<Json> {
  if (typeof value === "string") {
    const [plain, upper] = value.split(" in upper case");
    const filled = await fillText(plain ?? "", lookup);
    return upper === undefined ? filled : filled.toUpperCase();
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => fillJson(item, lookup)));
  if (!isObject(value)) return value;
  const filled: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) filled[name] = await fillJson(inner, lookup);
  return filled;
}

/** A request's textual body as bytes. */
export async function fillBytes(text: string, lookup: Lookup): Promise<Buffer> {
  return DESCRIBED_BODIES.get(text) ?? Buffer.from(await fillText(text, lookup));
}

/**
 * Whether a text of an answer is the expected one: a placeholder with a known value stands for exactly that, the others
 * for anything of their form. A new token must be of the type its placeholder names.
 */
export function matchesText(expected: string, actual: string, known: ReadonlyMap<string, string>): boolean {
  const forms: string[] = [];
  let pattern = "";
  for (const part of partsOf(expected)) {
    if ("literal" in part) {
      pattern += RegExp.escape(part.literal);
      continue;
    }
    const name = part.placeholder;
    const form = PATTERNS[name];
    if (form !== undefined) {
      forms.push(name);
      pattern += `(${form})`;
      continue;
    }
    const value = known.get(name);
    if (value === undefined) return false;
    // In an answer a known moment stands only in links, where its colons are encoded.
    pattern += RegExp.escape(name.startsWith("datetime:") ? encodeURIComponent(value) : value);
  }
  const found = new RegExp(`^${pattern}$`, "u").exec(actual);
  return found !== null && forms.every((name, index) => !name.startsWith("jwt:") || isTokenOf(name, found[index + 1]));
}

function isTokenOf(placeholder: string, token: string | undefined): boolean {
  return token !== undefined && `jwt:${String(decodeToken(token).claims["token_type"])}` === placeholder;
}

function partsOf(text: string): ({ literal: string } | { placeholder: string })[] {
  return text.split(PLACEHOLDER).map((part, index) => (index % 2 === 0 ? { literal: part } : { placeholder: part }));
}
