import type { FastifyRequest } from "fastify";

import { canonicalUuid } from "../ids.ts";
import { authorizer } from "../permissions/authorize.ts";
import type { Method, Permission } from "../permissions/permission.ts";
import { type Body, parseBody } from "./body.ts";
import { ApiError, notFound, unauthenticated } from "./errors.ts";
import { Query, splitTarget } from "./query.ts";
import { givenName, readInput, readPartialInput } from "./read-input.ts";
import type { Call, Route } from "./resource.ts";

/**
 * What a route is handed of a request that the guard let through.
 * @param method what objects are checked for: the request's own, or for `OPTIONS` the one it describes
 * @throws ApiError 404 where an id of the path can be none
 */
export async function createCall(
  request: FastifyRequest,
  permissions: readonly Permission[],
  method: Method,
  route?: Route,
): Promise<Call> {
  const { caller } = request;
  const { path, search } = splitTarget(request.url);
  const body = route?.input === undefined ? undefined : await parse(request);
  return {
    get caller() {
      if (caller === null) throw unauthenticated();
      return caller;
    },
    confirmed: request.confirmed ?? Promise.resolve(),
    ids: idsOf(request.params),
    query: new Query(search),
    url: `http://${request.headers.host}${path}`,
    input() {
      if (body instanceof ApiError) throw body;
      if (route?.input === undefined || body === undefined) return undefined;
      return route.partial ? readPartialInput(route.input, body) : readInput(route.input, body);
    },
    nameOf(member) {
      return route?.input === undefined || body === undefined || body instanceof ApiError
        ? member
        : givenName(route.input, member, body);
    },
    authorize: (subject) => {
      if (caller === null) throw unauthenticated();
      authorizer(permissions, caller, method)(subject);
    },
  };
}

/** A body that cannot be parsed counts only once it is read: who may not write hears that first. */
async function parse(request: FastifyRequest): Promise<Body | ApiError> {
  try {
    return await parseBody(request.headers["content-type"], request.body as Buffer | undefined);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function idsOf(params: unknown): Readonly<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const [name, text] of Object.entries(params as Readonly<Record<string, string>>)) {
    if (name === "format") continue;
    const id = canonicalUuid(text);
    if (id === undefined) throw notFound();
    ids[name] = id;
  }
  return ids;
}
