import type { IncomingHttpHeaders } from "node:http";

import type { Permission } from "../permissions/permission.ts";
import type { Cookies } from "./cookies.ts";
import type { Query } from "./query.ts";

export interface PageRequest {
  readonly headers: IncomingHttpHeaders;
  readonly cookies: Cookies;
  readonly query: Query;
  /** The members of a form; none where the body is no form. */
  readonly form: ReadonlyMap<string, string>;
}

export interface PageAnswer {
  readonly status: number;
  /** Undefined for a redirect. */
  readonly html?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** A page for people, outside the JSON API. */
export interface Page {
  readonly path: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly methods: Readonly<Partial<Record<"GET" | "POST", (request: PageRequest) => Promise<PageAnswer>>>>;
}
