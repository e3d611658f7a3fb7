import { METHODS } from "node:http";

import { fastify, type FastifyInstance, type FastifyRequest } from "fastify";

import type { Context } from "./context.ts";
import { answerBadUrl, answerClientError } from "./http/client-errors.ts";
import { csrfCookieOf } from "./http/csrf.ts";
import { createFailureHandler, createNotFoundHandler, HostNotAllowed } from "./http/failures.ts";
import { createHostCheck, hasOneHost, toOriginForm } from "./http/hosts.ts";
import { mountPage } from "./http/mount-page.ts";
import { mountResource } from "./http/mount-resource.ts";
import { type Registry, requirePermissions } from "./http/registry.ts";

/** Largest body taken, in bytes, unless a resource says less. */
const BODY_LIMIT = 1024 * 1024;
/** How long a request may take to arrive, headers and body, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;
const TIMEOUTS_CHECKED_EVERY_MS = 5_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How long a connection may be silent both ways, such as under an answer that is not read, in milliseconds. */
const SILENCE_TIMEOUT_MS = 75_000;
/** An id of the path that is too long is not found, like any other that nothing has. */
const PARAM_MAX_LENGTH = 16 * 1024;
/** Connections at once; the rest are turned away rather than served slowly. */
const CONNECTIONS_MAX = 10_000;

/**
 * The HTTP server over a registry of routes, not yet listening.
 * @throws UnguardedRoute where a route names no permissions
 */
export function createApp(context: Context, registry: Registry): FastifyInstance {
  requirePermissions(registry);
  const { config, clock, log } = context;
  const isAllowedHost = createHostCheck(config.allowedHosts);
  const checkHost = ({ headers: { host }, raw }: FastifyRequest) => {
    if (!isAllowedHost(host) || !hasOneHost(raw.rawHeaders))
      throw new HostNotAllowed(
        "This server does not answer to that host name. Its administrator can add the name to ALLOWED_HOSTS.",
      );
  };
  const csrfCookie = csrfCookieOf(config.session, clock);
  const failures = { log, csrfCookie, checkHost, challenge: `${config.jwt.authHeaderTypes[0]} realm="api"` };

  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY_MS },
    clientErrorHandler: answerClientError,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: {
      onBadUrl: (_path, _request, response) => answerBadUrl(response),
      maxParamLength: PARAM_MAX_LENGTH,
    },
    rewriteUrl: ({ url = "/" }) => toOriginForm(url),
  });
  app.server.maxConnections = CONNECTIONS_MAX;

  // Bodies are parsed by the routes that read them, by the rules of the contract.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method) && method !== "CONNECT") app.addHttpMethod(method, { hasBody: true });
  }
  app.decorateRequest("exchange", null);
  app.decorateRequest("caller", null);
  app.decorateRequest("confirmed", null);
  app.setErrorHandler(createFailureHandler(failures));
  app.setNotFoundHandler(createNotFoundHandler(failures));

  for (const resource of registry.resources) mountResource(app, resource, { checkHost, csrfCookie });
  for (const page of registry.pages) mountPage(app, page, { checkHost, csrfCookie });
  return app;
}
