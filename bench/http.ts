import type { RequestTemplate } from "./plan.ts";

export interface Answer {
  status: number;
  body: Buffer;
  /** The server will close the connection after this answer. */
  close: boolean;
}

/** The bytes of a request, HTTP/1.1 with keep-alive. */
export function buildRequest(host: string, template: RequestTemplate): Buffer {
  const lines = [`${template.method} ${template.path} HTTP/1.1`, `Host: ${host}`, "Accept: application/json"];
  if (template.accessToken !== undefined) lines.push(`Authorization: Bearer ${template.accessToken}`);
  const body = template.body === undefined ? "" : JSON.stringify(template.body);
  if (template.method === "POST") {
    lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(body)}`);
  }
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Reads the one answer that `bytes` holds; undefined while it is incomplete. Throws an Error for what is no HTTP/1.x
 * answer, has a body of unknown length, or is followed by bytes nobody asked for.
 */
export function parseAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const status = Number(head.slice(9, 12));
  if (!head.startsWith("HTTP/1.") || !(status >= 200)) throw new Error(`not an HTTP/1.x answer: ${head.slice(0, 60)}`);
  const body = parseBody(bytes, headEnd + 4, status, head);
  return body && { status, body, close: /\r\nconnection: *close/i.test(head) };
}

function parseBody(bytes: Buffer, start: number, status: number, head: string): Buffer | undefined {
  const length = status === 204 || status === 304 ? "0" : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    if (bytes.length > end) throw new Error("bytes after the answer");
    return bytes.length < end ? undefined : bytes.subarray(start, end);
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) throw new Error("an answer of unknown length");
  return parseChunks(bytes, start);
}

function parseChunks(bytes: Buffer, start: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (!(size >= 0)) throw new Error("a chunk without a size");
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
