import Type, { type TSchemaOptions } from "typebox";

/** A string or null, in the short form of JSON Schema (`type: ["string", "null"]`). */
export const NullableString = (options: TSchemaOptions = {}) =>
  Type.Unsafe<string | null>({ ...options, type: ["string", "null"] });
