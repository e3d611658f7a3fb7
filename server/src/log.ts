import { pino } from "pino";

import type { Config } from "./config.ts";

/** What the server writes to its log. Never a password, a token or a cookie. */
export interface Log {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}

/** One JSON object a line, on standard error. */
export function createLog(level: Config["logLevel"]): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
