import type { FastifyInstance, FastifyRequest } from "fastify";

import { parseBody } from "./body.ts";
import { readCookies } from "./cookies.ts";
import { PAGE_POLICY, SECURITY_HEADERS } from "./exchange.ts";
import type { GuardOptions } from "./guard.ts";
import { plainPage } from "./html.ts";
import type { Page, PageRequest } from "./page.ts";
import { Query, splitTarget } from "./query.ts";

const PAGE_HEADERS = {
  ...SECURITY_HEADERS,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": PAGE_POLICY,
  "cache-control": "no-store",
};

/** Far more than a form for people needs, in bytes. */
const BODY_LIMIT = 128 * 1024;

/** Serves a page for people. */
export function mountPage(app: FastifyInstance, page: Page, options: GuardOptions): void {
  const onRequest = async (request: FastifyRequest) => options.checkHost(request);
  const served = page.methods.GET === undefined ? [] : ["GET", "HEAD"];
  if (page.methods.POST !== undefined) served.push("POST");

  for (const method of served) {
    const handle = method === "POST" ? page.methods.POST : page.methods.GET;
    if (handle === undefined) continue;
    app.route({
      method,
      url: page.path,
      bodyLimit: BODY_LIMIT,
      onRequest,
      handler: async (request, reply) => {
        const { status, html, headers } = await handle(await readPageRequest(request));
        return reply
          .code(status)
          .headers({ ...PAGE_HEADERS, ...headers })
          .send(html ?? "");
      },
    });
  }

  app.route({
    method: app.supportedMethods.filter((method) => !served.includes(method)),
    url: page.path,
    onRequest,
    handler: async (request, reply) =>
      reply
        .code(405)
        .headers({ ...PAGE_HEADERS, allow: served.join(", ") })
        .send(plainPage("Method not allowed", `This page does not take ${request.method}.`)),
  });
}

async function readPageRequest(request: FastifyRequest): Promise<PageRequest> {
  const { headers, url } = request;
  const contentType = headers["content-type"] ?? "";
  // Forms alone are read: to anything else a page answers as to an empty form.
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType);
  const body = isForm ? await parseBody(contentType, request.body as Buffer | undefined) : undefined;
  const fields = body?.kind === "form" ? body.fields : new Map<string, readonly string[]>();
  return {
    headers,
    cookies: readCookies(headers.cookie),
    query: new Query(splitTarget(url).search),
    form: new Map([...fields].map(([name, values]) => [name, values.at(-1) ?? ""])),
  };
}
