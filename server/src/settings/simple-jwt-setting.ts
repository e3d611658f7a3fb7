import { type Setting, setting } from "./setting.ts";

/** A setting in the group SIMPLE_JWT. */
export function inSimpleJwt<Value>(
  key: string,
  definition: Omit<Setting<Value>, "name" | "environmentName">,
): Setting<Value> {
  return setting(key, definition, "SIMPLE_JWT");
}
