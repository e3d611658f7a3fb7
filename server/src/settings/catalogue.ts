import type { Setting, UnsupportedSetting } from "./setting.ts";
import { removedSimpleJwt, unsupportedSimpleJwt } from "./simple-jwt-unsupported.ts";
import { simpleJwt } from "./simple-jwt.ts";
import { earshot, topLevel } from "./top-level.ts";

/** The groups of settings in the settings file; everything else stands at its top level. */
export const GROUPS: readonly string[] = ["SIMPLE_JWT", "EARSHOT"];

/** Every setting this release has, in the order the documentation shows them. */
export const supportedSettings: readonly Setting<unknown>[] = [
  ...Object.values(topLevel),
  ...Object.values(simpleJwt),
  ...Object.values(earshot),
];

export const unsupportedSettings: readonly UnsupportedSetting<unknown>[] = Object.values(unsupportedSimpleJwt);

export const removedSettings = removedSimpleJwt;
