/** The settings whose value is one of a few words. */
export const ALGORITHMS = ["HS256", "HS384", "HS512"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export const POOLERS = ["none", "transaction"] as const;
export type Pooler = (typeof POOLERS)[number];

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
