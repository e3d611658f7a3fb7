export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [member: string]: Json;
}

/** The value of a JSON text. Throws SyntaxError where it is none. */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of that name; throws where the value is no object or has none. */
export function member(value: Json | undefined, name: string): Json {
  const found = isObject(value) ? value[name] : undefined;
  if (found === undefined) throw new TypeError(`no member ${name} in ${JSON.stringify(value)}`);
  return found;
}

export function textMember(value: Json | undefined, name: string): string {
  const found = member(value, name);
  if (typeof found !== "string") throw new TypeError(`${name} is no text in ${JSON.stringify(value)}`);
  return found;
}

export function numberMember(value: Json | undefined, name: string): number {
  const found = member(value, name);
  if (typeof found !== "number") throw new TypeError(`${name} is no number in ${JSON.stringify(value)}`);
  return found;
}

export function listMember(value: Json | undefined, name: string): Json[] {
  const found = member(value, name);
  if (!Array.isArray(found)) throw new TypeError(`${name} is no list in ${JSON.stringify(value)}`);
  return found;
}

/** JSON text as Python's json.dumps(value, ensure_ascii=False) writes it: the recorded requests were sent so. */
export function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${pythonJson(inner)}`);
  return `{${members.join(", ")}}`;
}
