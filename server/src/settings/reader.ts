/** What reading one value gives: the value in its resolved form, or what is wrong with it and what to write instead. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

/**
 * How the values of a setting are understood.
 *
 * `parse` turns the text of an environment variable into the form the settings file uses; text it does not
 * understand it hands on as it is, so that `read` refuses it in the same words for both origins.
 */
export interface Reader<Value> {
  /** What to write, as a noun phrase: "a whole number from 0 to 65535". */
  readonly expects: string;
  parse(text: string): unknown;
  /** Judges a value in the settings file's form. Never throws; `problem` continues a sentence that begins with the name. */
  read(value: unknown): Reading<Value>;
}

const LONGEST_SHOWN_TEXT = 60;

export function accepted<Value>(value: Value): Reading<Value> {
  return { ok: true, value };
}

/** Refuses a value by showing it. Not for secrets: see `refusedUnseen`. */
export function refused(value: unknown, instead: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: `is ${describe(value)}; write ${instead}` };
}

/** Refuses a value that may be a secret: tells its kind, never its content. */
export function refusedUnseen(value: unknown, instead: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: `is ${kindOf(value)}; write ${instead}` };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text in quotes, shortened, with control characters escaped: safe to print on a terminal. */
export function quote(text: string): string {
  const shown = text.length > LONGEST_SHOWN_TEXT ? `${text.slice(0, LONGEST_SHOWN_TEXT)}…` : text;
  return JSON.stringify(shown.toWellFormed());
}

function describe(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty" : `the text ${quote(value)}`;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === "") return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "not usable text";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
