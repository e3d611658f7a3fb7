import { canonicalUuid } from "../ids.ts";
import { strip } from "../python-text.ts";
import { str, typeName } from "./python.ts";

/** What a field made of a value, with the texts of Django REST framework's fields. */
export type Reading<T> = { readonly value: T } | { readonly error: string };

const NOT_NULL = "This field may not be null.";
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A text, trimmed as Python trims; numbers are taken as their text.
 * @param exactNumber the digits of a whole number as they were sent
 */
export function readText(value: unknown, maxLength: number, exactNumber: () => string | undefined): Reading<string> {
  if (value === null) return { error: NOT_NULL };
  if (typeof value !== "string" && typeof value !== "number") return { error: "Not a valid string." };
  const text = strip(typeof value === "string" ? value : (exactNumber() ?? floatText(value)));
  if (text === "") return { error: "This field may not be blank." };
  if (text.includes("\0")) return { error: "Null characters are not allowed." };
  const surrogate = LONE_SURROGATE.exec(text)?.[0];
  if (surrogate !== undefined) {
    return { error: `Surrogate characters are not allowed: U+${surrogate.charCodeAt(0).toString(16).toUpperCase()}.` };
  }
  if (text.length > maxLength && [...text].length > maxLength)
    return { error: `Ensure this field has no more than ${maxLength} characters.` };
  return { value: text };
}

/** Python writes a float's fraction even where it is zero. */
const floatText = (value: number) => (Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value));

/** The id of an object; whether there is such an object is for the service to say. */
export function readId(value: unknown): Reading<string> {
  if (value === null || value === "") return { error: NOT_NULL };
  if (typeof value === "boolean") return { error: "Incorrect type. Expected pk value, received bool." };
  // The recorded stack reads a whole number as the 128 bits of a UUID; no object has such a one.
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return { error: unknownId(str(value)) };
  const id = typeof value === "string" ? canonicalUuid(value) : undefined;
  return id === undefined ? { error: `“${str(value)}” is not a valid UUID.` } : { value: id };
}

/** What is said of an id that nothing has. */
export const unknownId = (id: string) => `Invalid pk "${id}" - object does not exist.`;

/** The most ids taken at once. */
const IDS_MAX = 2000;

/** A list of ids, each once. */
export function readIds(value: unknown): Reading<string[]> {
  if (value === null) return { error: NOT_NULL };
  if (!Array.isArray(value)) return { error: `Expected a list of items but got type "${typeName(value)}".` };
  if (value.length === 0) return { error: "This list may not be empty." };
  if (value.length > IDS_MAX) return { error: `Ensure this field has no more than ${IDS_MAX} elements.` };
  const ids = new Set<string>();
  for (const item of value) {
    const reading = readId(item);
    if ("error" in reading) return reading;
    ids.add(reading.value);
  }
  return { value: [...ids] };
}
