/** The present, in the forms the server needs. Tests hand in their own. */
export interface Clock {
  /** Whole seconds since 1970. */
  seconds(): number;
  /** Milliseconds since 1970. */
  milliseconds(): number;
  /** Now as the contract writes moments; each call gives a later moment than the one before, in this process. */
  moment(): string;
}

/**
 * @param milliseconds gives milliseconds since 1970
 */
export function createClock(milliseconds: () => number = Date.now): Clock {
  let last = 0;
  return {
    seconds: () => Math.floor(milliseconds() / 1000),
    milliseconds,
    moment() {
      last = Math.max(last + 1, milliseconds() * 1000);
      // Django leaves a fraction of zero out, and text without it would not sort: no moment of ours has such a one.
      if (last % 1_000_000 === 0) last += 1;
      return toMoment(last);
    },
  };
}

/**
 * A moment as the contract writes and the database stores it: ISO 8601 in UTC with six digits of a second, so that text
 * order is time order.
 */
export function toMoment(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const micros = String(microseconds - milliseconds * 1000).padStart(3, "0");
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${micros}Z`;
}
