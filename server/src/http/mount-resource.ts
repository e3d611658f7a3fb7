import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { createCall } from "./call.ts";
import { describe } from "./describe.ts";
import { ApiError } from "./errors.ts";
import { answerHeaders, SECURITY_HEADERS } from "./exchange.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import type { Method } from "../permissions/permission.ts";
import type { Resource, Route, RouteMethod } from "./resource.ts";

/** The order in which Django REST framework lists methods. */
const METHODS: readonly RouteMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Serves a resource: its methods, `OPTIONS`, 405 for all others. Its path without the slash redirects GET and HEAD to the
 * one with it and serves the other methods in place, since clients repeat a redirected POST as GET.
 */
export function mountResource(app: FastifyInstance, resource: Resource, options: GuardOptions): void {
  const served = METHODS.filter((method) => resource.routes[method] !== undefined);
  const withHead = served.includes("GET") ? ["HEAD"] : [];
  const headers = answerHeaders([...served, ...withHead, "OPTIONS"].join(", "));

  const slashless = resource.path.slice(0, -1);
  const readable = resource.suffixed ? [resource.path, `${slashless}.:format`] : [resource.path];
  const writable = [...readable, slashless];
  const bodyLimit = resource.bodyLimit === undefined ? {} : { bodyLimit: resource.bodyLimit };

  for (const method of served) {
    const route = resource.routes[method];
    if (route === undefined) continue;
    const beginsEarly = method === "GET" || route.beginsEarly === true;
    const onRequest = createGuard(resource, headers, { permissions: route.permissions, beginsEarly }, options);
    const handler = createHandler(method, route);
    for (const url of method === "GET" ? readable : writable) {
      app.route({ method: method === "GET" ? ["GET", "HEAD"] : method, url, onRequest, handler, ...bodyLimit });
    }
  }

  const describing = createGuard(resource, headers, { permissions: resource.permissions }, options);
  const refusing = createGuard(resource, headers, { permissions: resource.permissions, isServed: false }, options);
  const others = app.supportedMethods.filter((method) => ![...served, ...withHead, "OPTIONS"].includes(method));
  for (const url of writable) {
    app.route({ method: "OPTIONS", url, onRequest: describing, handler: createDescription(resource) });
    const refused = url === slashless ? others.filter((method) => method !== "GET" && method !== "HEAD") : others;
    app.route({ method: refused, url, onRequest: refusing, handler: unreachable });
  }

  app.route({
    method: ["GET", "HEAD"],
    url: slashless,
    onRequest: async (request) => options.checkHost(request),
    handler: redirectToSlash,
  });
}

const createHandler = (method: Method, route: Route) => async (request: FastifyRequest, reply: FastifyReply) => {
  const begun = handle(request, method, route);
  if (request.confirmed !== null) {
    // Who may not come in hears of that, whatever would have been answered.
    begun.catch(() => {});
    await request.confirmed;
  }
  return answer(request, reply, route.status ?? 200, await begun);
};

const handle = async (request: FastifyRequest, method: Method, route: Route) =>
  route.handle(await createCall(request, route.permissions, method, route));

/** `OPTIONS` shows what a write takes to those who may write. */
const createDescription = (resource: Resource) => async (request: FastifyRequest, reply: FastifyReply) => {
  const method = resource.writes?.method ?? "OPTIONS";
  const route = method === "OPTIONS" ? undefined : resource.routes[method];
  const call = await createCall(request, route?.permissions ?? resource.permissions, method);
  const mayWrite = resource.mayWrite === undefined || (await resource.mayWrite(call));
  return answer(request, reply, 200, describe(resource, mayWrite));
};

function answer(request: FastifyRequest, reply: FastifyReply, status: number, result: unknown) {
  if (request.exchange === null) throw new Error("an API route without its guard");
  // Statements make JSON text; everything else is a value of the contract's types.
  const json = result === undefined ? undefined : typeof result === "string" ? result : JSON.stringify(result);
  return request.exchange.send(reply, status, json);
}

function redirectToSlash(request: FastifyRequest, reply: FastifyReply) {
  const [path = "", ...query] = request.url.split("?");
  const location = [`${path}/`, ...query].join("?");
  return reply
    .code(301)
    .headers({ ...SECURITY_HEADERS, location, "content-type": "text/html; charset=utf-8" })
    .send("");
}

/** The guard has thrown before any of these is reached. */
async function unreachable(): Promise<never> {
  throw new ApiError(405, { detail: "Method not allowed." });
}
