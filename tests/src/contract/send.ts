import { request as httpRequest } from "node:http";

const ANSWER_DEADLINE_MS = 30_000;
const SLICE_BYTES = 65_536;

interface RawRequest {
  method: string;
  path: string;
  headers: [name: string, value: string][];
  body: Buffer;
}

export interface Answer {
  status: number;
  /** As sent; names in lower case. */
  headers: [name: string, value: string][];
  body: Buffer;
}

/**
 * One HTTP/1.1 exchange on a connection of its own. Host leads unless a header names another; Content-Length follows
 * the headers given wherever there is a body or the method is one that may have one.
 */
export async function send(host: string, { method, path, headers, body }: RawRequest): Promise<Answer> {
  const all = headers.some(([name]) => name.toLowerCase() === "host") ? [...headers] : [["Host", host], ...headers];
  if (body.length > 0 || !["GET", "HEAD", "OPTIONS"].includes(method)) {
    all.push(["Content-Length", String(body.length)]);
  }
  const { hostname, port } = new URL(`http://${host}`);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  let answered = false;
  const request = httpRequest(
    { hostname, port, method, path, headers: all.flat(), setHost: false, agent: false },
    (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: pairs(response.rawHeaders),
          body: Buffer.concat(chunks),
        });
        request.destroy();
      });
    },
  );
  request.on("error", (error) => {
    if (!answered) reject(error);
  });
  const deadline = setTimeout(
    () => request.destroy(new Error(`no answer to ${method} ${path} in ${ANSWER_DEADLINE_MS} ms`)),
    ANSWER_DEADLINE_MS,
  );
  // In slices: a server that refuses a body by its length closes before all is written, and its answer must still be read.
  const write = async () => {
    for (let start = 0; start < body.length; start += SLICE_BYTES) {
      if (answered || request.destroyed) break;
      await new Promise<void>((written) => request.write(body.subarray(start, start + SLICE_BYTES), () => written()));
    }
    request.end();
  };
  void write();
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
  }
}

/** The header's value, several joined as RFC 9110 section 5.3 has it; undefined where there is none. */
export function headerOf(answer: Answer, name: string): string | undefined {
  const values = headerValues(answer, name);
  return values.length === 0 ? undefined : values.join(", ");
}

export function headerValues(answer: Answer, name: string): string[] {
  return answer.headers.filter(([given]) => given === name).map(([, value]) => value);
}

function pairs(rawHeaders: string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    found.push([String(rawHeaders[index]).toLowerCase(), String(rawHeaders[index + 1])]);
  }
  return found;
}
