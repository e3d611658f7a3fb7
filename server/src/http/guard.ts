import type { FastifyReply, FastifyRequest } from "fastify";

import type { Caller } from "../auth/caller.ts";
import { checkRoute } from "../permissions/authorize.ts";
import type { Method, Permission } from "../permissions/permission.ts";
import { csrfTokenOf } from "./csrf.ts";
import { readCookies } from "./cookies.ts";
import { methodNotAllowed } from "./errors.ts";
import { type AnswerHeaders, Exchange } from "./exchange.ts";
import { negotiate } from "./negotiation.ts";
import { Query, splitTarget } from "./query.ts";
import type { Resource } from "./resource.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The API's answer to this request, coming together; null outside the API. */
    exchange: Exchange | null;
    /** Who asks; null where nobody is known. */
    caller: Caller | null;
    /** Settles once it is sure that the caller may come in. Null where that was sure already. */
    confirmed: Promise<void> | null;
  }
}

export interface GuardOptions {
  /** @throws for a Host that is not ours */
  readonly checkHost: (request: FastifyRequest) => void;
  /** The Set-Cookie line of a CSRF token: pages carry one. */
  readonly csrfCookie: (token: string) => string;
}

interface Guarded {
  /** Those of the route, or of the resource where it has no such method. */
  readonly permissions: readonly Permission[];
  /** Whether there is such a method; unless said, there is. */
  readonly isServed?: boolean;
  /** Whether the route begins while the caller's account is still being looked up. */
  readonly beginsEarly?: boolean;
}

/**
 * What happens before a body is read, in the order of the contract: host, negotiation (406), authentication (401),
 * permissions (401, 403), method (405).
 */
export function createGuard(resource: Resource, headers: AnswerHeaders, guarded: Guarded, options: GuardOptions) {
  const { permissions, isServed = true, beginsEarly = false } = guarded;
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    options.checkHost(request);
    const exchange = new Exchange(headers, resource.name, options.csrfCookie);
    request.exchange = exchange;
    exchange.format = negotiate(request.headers.accept, wantedFormat(request));
    if (exchange.format.kind === "html") exchange.csrfToken = csrfTokenOf(readCookies(request.headers.cookie));
    // Fastify hands on every method Node's parser knows; permissions tell safe ones from all others.
    const method = request.method as Method;
    const { caller, confirmed } = await authenticate(resource, request, exchange, method);
    request.caller = caller ?? null;
    if (beginsEarly) request.confirmed = confirmed ?? null;
    else await confirmed;
    checkRoute(permissions, request.caller ?? undefined, method);
    if (!isServed) throw methodNotAllowed(method);
  };
}

async function authenticate(
  resource: Resource,
  request: FastifyRequest,
  exchange: Exchange,
  method: Method,
): Promise<{ readonly caller?: Caller; readonly confirmed?: Promise<void> | undefined }> {
  const { headers } = request;
  for (const authentication of resource.authentication) {
    if (authentication.readsCookies) exchange.variesWithCookie = true;
    const { caller, setCookie, confirmed } = await authentication.authenticate({ method, headers });
    if (setCookie !== undefined) exchange.setCookie = setCookie;
    // It is heard later, or never where the request fails before.
    confirmed?.catch(() => {});
    if (caller !== undefined) return { caller, confirmed };
  }
  return {};
}

/** The format asked for by the path (`/api/messages.json`) or by `?format=`. */
function wantedFormat(request: FastifyRequest): string | undefined {
  const params = request.params as { readonly format?: string };
  if (params.format !== undefined) return params.format;
  const { search } = splitTarget(request.url);
  return search.includes("format=") ? new Query(search).get("format") || undefined : undefined;
}
