import { unreadable, unsupportedMediaType } from "./errors.ts";
import { INTEGER, parseJson } from "./json.ts";

/** A request's body, parsed: a JSON value, or the members of a form. */
export type Body =
  | { readonly kind: "json"; readonly value: unknown; numberText(name: string): string | undefined }
  | { readonly kind: "form"; readonly fields: ReadonlyMap<string, readonly string[]> };

const EMPTY: Body = { kind: "form", fields: new Map() };
const NOTHING_SENT: Body = { kind: "json", value: {}, numberText: () => undefined };
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** The most fields a form may have, as Django's DATA_UPLOAD_MAX_NUMBER_FIELDS. */
const FORM_MAX_FIELDS = 1000;

/**
 * Parses a body by its Content-Type: JSON, a form or a multipart form. An empty body has no members, whatever its type.
 * @throws ApiError 400 for a malformed body, 415 for another media type
 */
export async function parseBody(contentType: string | undefined, bytes: Buffer | undefined): Promise<Body> {
  if (bytes === undefined || bytes.length === 0) return NOTHING_SENT;
  const given = contentType ?? "";
  const mediaType = (given.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaType === "application/json") return parseJsonBody(bytes);
  if (mediaType === "application/x-www-form-urlencoded") {
    if (hasTooManyFields(bytes)) throw tooManyFields();
    return parseForm(new URLSearchParams(lenient.decode(bytes)));
  }
  if (mediaType === "multipart/form-data") return parseForm(await readMultipart(given, bytes));
  throw unsupportedMediaType(given);
}

const tooManyFields = () => unreadable("The form has too many fields.");

/** Asked before the form is parsed: half a million empty fields keep the parser busy for seconds. */
function hasTooManyFields(bytes: Buffer): boolean {
  let fields = 1;
  for (let at = bytes.indexOf("&"); at !== -1; at = bytes.indexOf("&", at + 1)) {
    if (++fields > FORM_MAX_FIELDS) return true;
  }
  return false;
}

function parseJsonBody(bytes: Buffer): Body {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (error) {
    throw unreadable("JSON parse error - the body is not UTF-8", error);
  }
  const value = parseJson(text);
  return {
    kind: "json",
    value,
    // Only asked where a number stands for a text: its digits as they were sent, which a double may not hold.
    numberText(name) {
      const found: { readonly holder: unknown; readonly source: string }[] = [];
      const whole: unknown = JSON.parse(text, function (this: unknown, key, one, context?: { source?: string }) {
        if (key === name && typeof one === "number") found.push({ holder: this, source: context?.source ?? "" });
        return one;
      });
      const source = found.findLast(({ holder }) => holder === whole)?.source;
      if (source === undefined || !INTEGER.test(source)) return undefined;
      return source === "-0" ? "0" : source;
    },
  };
}

function parseForm(entries: Iterable<[string, unknown]>): Body {
  const fields = new Map<string, string[]>();
  let count = 0;
  for (const [name, value] of entries) {
    if (++count > FORM_MAX_FIELDS) throw tooManyFields();
    if (typeof value !== "string") continue;
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields.size === 0 ? EMPTY : { kind: "form", fields };
}

async function readMultipart(contentType: string, bytes: Buffer) {
  try {
    return await new Response(new Uint8Array(bytes), { headers: { "content-type": contentType } }).formData();
  } catch (error) {
    throw unreadable("Multipart form parse error - the body is not the form its Content-Type says", error);
  }
}
