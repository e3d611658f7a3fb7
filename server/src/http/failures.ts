import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

import type { Log } from "../log.ts";
import { TryLater } from "../try-later.ts";
import { ApiError, notFound, tooLarge, unavailable, unreadable, unsupportedMediaType } from "./errors.ts";
import { answerHeaders, Exchange, PAGE_POLICY, SECURITY_HEADERS } from "./exchange.ts";
import { plainPage } from "./html.ts";
import { negotiate } from "./negotiation.ts";
import { createPutOffLog } from "./put-off-log.ts";

/** A Host header that names no host of ours. */
export class HostNotAllowed extends Error {}

interface FailureOptions {
  readonly log: Log;
  /** What a 401 asks for, e.g. `Bearer realm="api"`. */
  readonly challenge: string;
  readonly csrfCookie: (token: string) => string;
  /** @throws HostNotAllowed */
  readonly checkHost: (request: FastifyRequest) => void;
}

/** Answers whatever was thrown, in the contract's form. Only what nobody foresaw is a 500, and says nothing. */
export function createFailureHandler({ log, challenge, csrfCookie }: FailureOptions) {
  const headers = answerHeaders();
  const logPutOff = createPutOffLog(log);
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    if (thrown instanceof HostNotAllowed) return sendPage(reply, 400, "Bad Request (400)", thrown.message);
    if (thrown instanceof TryLater) logPutOff(thrown);
    const error = toApiError(thrown, request);
    if (error.status === 500) {
      log.error({ err: thrown, method: request.method, route: request.routeOptions.url }, "a request failed");
    }
    const exchange = request.exchange ?? new Exchange(headers, "Error", csrfCookie);
    if (error.status === 401) reply.header("www-authenticate", challenge);
    reply.headers(error.headers);
    return exchange.send(reply, error.status, JSON.stringify(error.body));
  };
}

/** Answers paths that nothing is served at: JSON under `/api/`, unless HTML is asked for first; a page elsewhere. */
export function createNotFoundHandler(options: FailureOptions) {
  const fail = createFailureHandler(options);
  return (request: FastifyRequest, reply: FastifyReply) => {
    options.checkHost(request);
    if (request.url.startsWith("/api/") && !asksForPage(request)) return fail(notFound(), request, reply);
    return sendPage(reply, 404, "Not Found", "Nothing is served here.");
  };
}

function asksForPage(request: FastifyRequest): boolean {
  try {
    return negotiate(request.headers.accept).kind === "html";
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

function sendPage(reply: FastifyReply, status: number, title: string, text: string) {
  return reply
    .code(status)
    .headers({ ...SECURITY_HEADERS, "content-type": "text/html", "content-security-policy": PAGE_POLICY })
    .send(Buffer.from(plainPage(title, text)));
}

function toApiError(thrown: unknown, request: FastifyRequest): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof TryLater) return unavailable(thrown.retryAfterSeconds, thrown);
  const { code, statusCode } = thrown as Partial<FastifyError>;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return tooLarge();
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return unsupportedMediaType(request.headers["content-type"] ?? "");
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return unreadable("The request cannot be read.", thrown);
  return new ApiError(500, { detail: "Internal server error." }, { cause: thrown });
}
