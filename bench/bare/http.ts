import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface Answer {
  status: number;
  json: string;
}

export const ok = (json: string): Answer => ({ status: 200, json });
export const created = (json: string): Answer => ({ status: 201, json });
export const refused: Answer = { status: 401, json: '{"detail":"Refused."}' };
export const absent: Answer = { status: 404, json: '{"detail":"Not found."}' };
export const failure: Answer = { status: 500, json: '{"detail":"Failed."}' };
export const textMissing: Answer = { status: 400, json: '{"message_body":["This field is required."]}' };

/** What `Allow` names: at lists, and where one can only post. */
export const allowed = { lists: "GET, POST, HEAD, OPTIONS", posts: "POST, OPTIONS" };

export const conversationsPath = "/api/conversations/";
const history = /^\/api\/conversations\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/messages\/$/;

/** The conversation whose messages the path names. */
export const conversationOf = (path: string): string | undefined => history.exec(path)?.[1];

export const pageSize = 20;

/** The first page of a list. */
export function pageAnswer(
  host: string | undefined,
  path: string,
  row: { count: number; results: string } | undefined,
): Answer {
  if (row === undefined) return absent;
  const next = row.count > pageSize ? JSON.stringify(`http://${host}${path}?page=2`) : null;
  return ok(`{"count":${row.count},"next":${next},"previous":null,"results":${row.results}}`);
}

/** The text of a new message; empty where there is none. */
export function readText(body: string): string {
  const { message_body }: { message_body?: unknown } = JSON.parse(body);
  return typeof message_body === "string" ? message_body.trim() : "";
}

/** The members of a body that posts tokens or credentials. */
export function readCredentials(body: string) {
  const { token = "", refresh = "", username = "", password = "" }: Record<string, string> = JSON.parse(body);
  return { token, refresh, username, password };
}

export function respond(response: ServerResponse, allow: string, { status, json }: Answer): void {
  response.writeHead(status, {
    "content-type": "application/json",
    allow,
    vary: "Accept",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "content-length": Buffer.byteLength(json),
  });
  response.end(json);
}

/** Serves on 127.0.0.1 until SIGTERM, then calls `close`. */
export function listen(
  port: number,
  serve: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  close: () => void,
): void {
  const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => serve(request, response, Buffer.concat(chunks).toString()));
  });
  server.listen(port, "127.0.0.1");
  process.once("SIGTERM", () => {
    server.close(close);
    server.closeAllConnections();
  });
}
