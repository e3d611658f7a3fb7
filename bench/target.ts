import type { Person } from "./api.ts";

/** What every target is filled with before it is measured; the peer's `seed_demo` makes the same. */
export const seed = { users: 50, conversations: 200, messages: 20, password: "demo-Pass-123" };

/** The name of the n-th seeded user. */
export const seededName = (n: number): string => `u${n}`;

/** Nobody sends into the conversations of those who read, so a page costs in the last round what it cost in the first. */
export const readers = Array.from({ length: 10 }, (_, n) => seededName(n));
export const writers = Array.from({ length: 10 }, (_, n) => seededName(n + 10));

/** One of the servers compared. */
export interface Target {
  name: string;
  /** Starts it on a free port, filled as `seed` says, in a folder of its own. */
  start(): Promise<RunningTarget>;
}

export interface RunningTarget {
  /** Origin, e.g. `http://127.0.0.1:41233`. */
  url: string;
  /** How many processes serve: one leaves a core to the load generator. */
  processes: number;
  /** What its process needs, where that is looked at. */
  needs?: Needs;
  /** How many connections to its database server are open, where it has one. */
  countConnections?: () => Promise<number>;
  signIn(username: string): Promise<Person>;
  /** Ends the server and removes what it stored. */
  stop(): Promise<void>;
}

export interface Needs {
  /** Median milliseconds from the start of the process to the first answer, on the database as it was filled. */
  startMilliseconds: number;
  residentMegabytes(): Promise<number>;
}
