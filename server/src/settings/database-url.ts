import { POSTGRES_FORM, postgresUrlProblem } from "./postgres-url.ts";
import { accepted, type Reader, refusedUnseen } from "./reader.ts";

/** Where the data lives: memory (tests only: gone at the end), a file whose path may still be relative, or PostgreSQL. */
export type DatabaseLocation =
  | { readonly kind: "memory" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string };

const EXPECTS_FILE = "sqlite:PATH, such as sqlite:data/earshot.db or sqlite:///srv/earshot/earshot.db";
const EXPECTS = `${EXPECTS_FILE}, or ${POSTGRES_FORM}`;
const IN_MEMORY = new Set(["sqlite::memory:", "sqlite://", "sqlite://:memory:", "sqlite:///:memory:"]);

/**
 * `sqlite:PATH`, `sqlite:///ABSOLUTE-PATH` or `sqlite::memory:`, the path taken as written: no options, no percent signs
 * decoded. Or a PostgreSQL URL. A refused URL is never shown, for it may hold a password.
 */
export function databaseUrl(): Reader<DatabaseLocation> {
  return {
    expects: EXPECTS,
    parse: (text) => text.trim(),
    read(value) {
      if (typeof value !== "string") return refusedUnseen(value, EXPECTS);
      if (IN_MEMORY.has(value)) return accepted({ kind: "memory" });
      const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(value) ?? [];
      if (scheme === undefined || rest === undefined)
        return { ok: false, problem: `is not a database URL; write ${EXPECTS}` };
      if (/^postgres(ql)?$/i.test(scheme)) {
        const problem = postgresUrlProblem(value);
        return problem === undefined
          ? accepted({ kind: "postgres", url: `${scheme.toLowerCase()}:${rest}` })
          : { ok: false, problem };
      }
      if (/^(postgres|postgresql|postgis|psql|pgsql)(\+.*)?$/i.test(scheme))
        return { ok: false, problem: `names PostgreSQL under another program's name; write ${POSTGRES_FORM}` };
      if (!/^sqlite3?$/i.test(scheme))
        return { ok: false, problem: `names a database this release does not have; write ${EXPECTS}` };
      const problem = pathProblem(rest);
      return problem === undefined
        ? accepted({ kind: "file", path: rest.replace(/^\/\/(?=\/)/, "") })
        : { ok: false, problem };
    },
  };
}

function pathProblem(rest: string): string | undefined {
  if (rest.trim() === "" || rest.endsWith("/")) return `names no file; write ${EXPECTS_FILE}`;
  if (/[?#\0]/.test(rest) || !rest.isWellFormed())
    return `has options or characters a path cannot have; write only ${EXPECTS_FILE}`;
  if (/^\/\/[^/]/.test(rest))
    return "has two slashes, which would name a host; write sqlite:PATH, or three slashes before an absolute path";
  // Django's URL helpers read three slashes as a relative path. One name after them can hardly mean a file in "/".
  if (/^\/\/\/[^/]+$/.test(rest)) {
    return "would put the database in the root folder of the machine; write sqlite:PATH for a relative path, or the whole absolute path after three slashes";
  }
  return undefined;
}
