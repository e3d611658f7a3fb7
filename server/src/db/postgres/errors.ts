import { Unavailable } from "../database.ts";

/** What a failed statement means to whoever asked for it. */
type Meaning =
  /** The connection is gone; whether the statement was carried out is not known. */
  | "lost"
  /** The database cannot take it now. */
  | "busy"
  /** It ran into another transaction: looked at again, the same request may well succeed. */
  | "conflict"
  /** The statement or its values are wrong. */
  | "wrong";

const CONFLICTS = new Set([
  "40001", // serialization failure
  "40P01", // deadlock
  // A row that was looked for in vain, or found, has come or gone since.
  "23505", // unique violation
  "23503", // foreign key violation
  // What was to prepare it ran into something, before it on the same connection; the next to use it prepares it.
  "26000", // no such prepared statement
]);
const LOST = new Set(["57P01", "57P02", "57P03", "57P05", "25P03", "25P04"]);
const BUSY = new Set([
  "55P03", // lock timeout
  "57014", // statement timeout
  "25006", // read only: a standby, before it takes over
  "58030", // input or output error
]);

/** The driver's words for a statement that took longer than `query_timeout`. */
const DEADLINE_PASSED = "Query read timeout";

/** Reads an error of the driver's by its SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
function meaningOf(error: unknown): Meaning {
  const state = stateOf(error);
  // What is not PostgreSQL's own answer is the socket's, or the driver's about it.
  if (state === undefined) return error instanceof Error && error.message === DEADLINE_PASSED ? "busy" : "lost";
  if (CONFLICTS.has(state)) return "conflict";
  // 08: connection; 28, 3D: it lets us in no more.
  if (LOST.has(state) || /^(08|28|3D)/.test(state)) return "lost";
  // 53: out of connections, memory or disk.
  return BUSY.has(state) || state.startsWith("53") ? "busy" : "wrong";
}

/** The SQLSTATE that PostgreSQL answered; undefined for an error of another source. */
export function stateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("severity" in error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** A statement that PostgreSQL or the way to it failed; `cause` is the driver's error. */
export class StatementFailed extends Error {
  readonly meaning: Meaning;

  constructor(cause: unknown) {
    super("a statement failed", { cause });
    // PostgreSQL quotes rows there, and an error may be logged.
    if (cause instanceof Error) Object.assign(cause, { detail: undefined, where: undefined });
    this.meaning = meaningOf(cause);
  }
}

/** Waits for something of the driver's. @throws StatementFailed */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new StatementFailed(error);
  }
}

/** What the rest of the server is told: `Unavailable` where the same may succeed later, else what went wrong. */
export function toldOutside(error: unknown): unknown {
  if (!(error instanceof StatementFailed)) return error;
  const { cause } = error;
  if (error.meaning === "lost") return new Unavailable("The database cannot be reached.", { cause });
  if (error.meaning === "busy") return new Unavailable("The database is busy.", { cause });
  // A row that is missing or there each time it is looked at again is a fault of ours.
  const isRace = error.meaning === "conflict" && !stateOf(cause)?.startsWith("23");
  if (isRace) return new Unavailable("Too many writes to the same rows.", { cause });
  return cause;
}
