import { SettingsError } from "../config.ts";
import { CopyProblem } from "../copy/copy-problem.ts";
import { Unavailable } from "../db/database.ts";
import { NewerDatabase } from "../db/migrate.ts";
import { stateOf } from "../db/postgres/errors.ts";
import { isTransient } from "../db/sqlite/errors.ts";
import { UnguardedRoute } from "../http/registry.ts";
import { UserProblem } from "../users/service.ts";
import { Refusal } from "./refusal.ts";

const CHOOSE =
  "Nothing was changed. Check the spelling (capitals count), or choose another, and run the command again.";
const BUSY = "Another process is writing to it, or its disk is full or failing. Run the command again in a moment.";
const UNREACHABLE =
  "See that PostgreSQL runs and lets this user into this database, and that DATABASE_URL names them. Nothing was changed.";
const UNUSABLE =
  "Look at the file DATABASE_URL names (by default earshot.db in the data folder): " +
  "it must be Earshot's own database, and its folder writable by this user.";

/** Why a command failed, in lines for its reader; an error nobody foresaw keeps its stack. */
export function failureLines(error: unknown): string[] {
  if (error instanceof Refusal || error instanceof CopyProblem) return [`Error: ${error.message}`, error.advice];
  if (error instanceof UserProblem) return [...error.problems.map((problem) => `Error: ${problem}`), CHOOSE];
  if (error instanceof SettingsError) return [error.message, "Mend these, then run the command again."];
  if (error instanceof NewerDatabase || error instanceof UnguardedRoute) return [`Error: ${error.message}`];
  if (error instanceof Unavailable) return unavailableLines(error);
  if (error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR") {
    return [`Error: The database cannot be used: ${error.message}.`, isTransient(error) ? BUSY : UNUSABLE];
  }
  if (error instanceof Error && stateOf(error) !== undefined) {
    return [`Error: The database cannot be used: ${error.message}.`, UNREACHABLE];
  }
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}

function unavailableLines({ message, cause }: Unavailable): string[] {
  if (!(cause instanceof Error) || isTransient(cause)) return [`Error: ${message}`, BUSY];
  // Where a name has several addresses, each has a reason of its own.
  const reasons = cause instanceof AggregateError ? cause.errors.map((one) => one.message) : [cause.message];
  return [`Error: ${message.replace(/\.$/, "")}: ${reasons.join("; ")}.`, UNREACHABLE];
}
