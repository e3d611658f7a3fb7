import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import type { PostgresSettings } from "../settings/resolved.ts";
import { databaseUrl, type DatabaseLocation } from "../settings/database-url.ts";
import { CopyProblem } from "./copy-problem.ts";

/** Where one of the two databases is. A file's path is absolute, without symbolic links. */
export type Place = Exclude<DatabaseLocation, { readonly kind: "memory" }>;

const MINUTE_MS = 60_000;

/**
 * A few connections, through any pooler. A statement moves thousands of rows, and counts or samples whole tables: it is
 * waited for as long as a live server could take.
 */
export const POSTGRES: PostgresSettings = {
  poolSize: 4,
  statementTimeoutMs: 30 * MINUTE_MS,
  lockTimeoutMs: MINUTE_MS,
  idleTransactionTimeoutMs: MINUTE_MS,
  pooler: "transaction",
};

/**
 * Reads a database URL as DATABASE_URL is read.
 * @param option its name, for the message
 * @param folder where a relative path starts
 * @throws CopyProblem, which shows no part of the URL
 */
export function readPlace(option: string, url: string, folder: string): Place {
  const reader = databaseUrl();
  const reading = reader.read(reader.parse(url));
  if (!reading.ok) throw new CopyProblem(`${option} ${reading.problem}.`, "Nothing was changed.");
  const location = reading.value;
  if (location.kind === "memory")
    throw new CopyProblem(`${option} names a database in memory.`, "Nothing was changed. Name a file or PostgreSQL.");
  return location.kind === "file" ? { kind: "file", path: realPath(resolve(folder, location.path)) } : location;
}

/** The place without user, password and options. */
export function nameOf(place: Place, schema = "public"): string {
  if (place.kind === "file") return `sqlite:${place.path}`;
  const [, server = "", database = "", query = ""] =
    /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)\/([^?#]*)(?:\?(.*))?$/.exec(place.url) ?? [];
  const parameters = new URLSearchParams(query);
  const [, host = "", port = parameters.get("port") ?? "5432"] = /^(\[.*\]|[^:]*)(?::(.*))?$/.exec(server) ?? [];
  const named = `postgres://${host || parameters.get("host")}:${port}/${database}`;
  return schema === "public" ? named : `${named}, schema ${schema}`;
}

/** The file need not be there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realPath(folder), basename(path));
  }
}
