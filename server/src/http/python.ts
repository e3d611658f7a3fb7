/**
 * How Python would write values that came as JSON. Error texts of the contract quote them so, e.g. `“['a']” is not a valid
 * UUID.`
 */

/** What `repr` goes into before it stops: quoted in an error, not processed. */
const REPR_MAX_DEPTH = 4;
const REPR_MAX_LENGTH = 200;

/** Python's name of a value's type. */
export function typeName(value: unknown): string {
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    default:
      return "dict";
  }
}

/** Python's `str(value)`, cut off where it grows long. */
export function str(value: unknown): string {
  const text = typeof value === "string" ? value : repr(value, REPR_MAX_DEPTH);
  return text.length > REPR_MAX_LENGTH ? `${text.slice(0, REPR_MAX_LENGTH)}…` : text;
}

function repr(value: unknown, depth: number): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value.slice(0, REPR_MAX_LENGTH)}'`;
  if (typeof value !== "object") return String(value);
  if (depth === 0) return "…";
  if (Array.isArray(value))
    return `[${value
      .slice(0, 8)
      .map((one) => repr(one, depth - 1))
      .join(", ")}]`;
  const members = Object.entries(value).slice(0, 8);
  return `{${members.map(([name, one]) => `'${name}': ${repr(one, depth - 1)}`).join(", ")}}`;
}
