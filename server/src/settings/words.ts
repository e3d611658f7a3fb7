/** The settings whose value is one of a few words. */
export const ALGORITHMS = [
  "HS256",
  "HS384",
  "HS512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "ES256K",
  "EdDSA",
] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** The types of tokens that may prove who a user is. */
export type TokenClass = "access" | "sliding";

export const POOLERS = ["none", "transaction"] as const;
export type Pooler = (typeof POOLERS)[number];

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
