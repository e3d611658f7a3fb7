import { request as sendRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { Operation } from "./operations.ts";
import type { RequestTemplate, Work } from "./plan.ts";
import type { RunningTarget } from "./target.ts";

/** One answer, without what may differ between two servers that do the same. */
interface Comparable {
  status: number | undefined;
  /** Name and value in turn, sorted by name. */
  headers: string[];
  body: string;
}

const answerMilliseconds = 10_000;

/**
 * Sends one request of the operation to each target. Throws an Error where an answer differs from the first one in more than
 * ids, times and addresses: figures of servers that do not do the same are no comparison.
 */
export async function requireSameAnswers(operation: Operation, targets: readonly RunningTarget[]): Promise<void> {
  const texts: string[] = [];
  for (const target of targets) texts.push(JSON.stringify(await answerOf(operation, target), null, 1));
  const [first = ""] = texts;
  for (const other of texts) {
    if (other !== first) throw new Error(`${operation.title}: the answers differ\n${difference(first, other)}`);
  }
}

/** Both texts around the place where they begin to differ. */
function difference(first: string, other: string): string {
  let at = 0;
  while (first[at] === other[at]) at += 1;
  return [first, other].map((answer) => `… ${answer.slice(Math.max(0, at - 200), at + 200)} …`).join("\n");
}

async function answerOf(operation: Operation, target: RunningTarget): Promise<Comparable> {
  const { method, path, accessToken, body } = firstRequest(await operation.prepare(target, 1));
  const headers: Record<string, string> = { accept: "application/json" };
  if (accessToken !== undefined) headers["authorization"] = `Bearer ${accessToken}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const request = sendRequest(new URL(path, target.url), { method, headers, timeout: answerMilliseconds });
  request.on("timeout", () => request.destroy(new Error(`${method} ${path} was not answered`)));
  request.end(body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      const { statusCode: status, headers: given } = response;
      const kept = Object.entries(given).filter(([name]) => name !== "date");
      text(response).then(
        (content) => resolve({ status, headers: kept.map(String).toSorted(), body: masked(content, target.url) }),
        reject,
      );
    });
  });
}

function firstRequest(work: Work): RequestTemplate {
  if (work.kind === "chain") return { method: "POST", path: work.path, body: { refresh: work.refreshTokens[0] } };
  const [request] = work.requests;
  if (request === undefined) throw new Error("a plan without requests");
  return request;
}

const uuid = /["'][0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}["']/g;
const moment = /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"/g;
const token = /"[\w-]+\.([\w-]+)\.[\w-]+"/g;

function masked(content: string, url: string): string {
  return content
    .replaceAll(url, "")
    .replaceAll(token, (_, payload: string) => `"token ${maskedClaims(payload)}"`)
    .replaceAll(uuid, '"id"')
    .replaceAll(moment, '"moment"');
}

/** The claims in their order; texts and numbers of the same kind alike. */
function maskedClaims(payload: string): string {
  const claims = Buffer.from(payload, "base64url").toString();
  return claims
    .replaceAll('"', "'")
    .replaceAll(/'[0-9a-f]{32}'/g, "jti")
    .replaceAll(uuid, "id")
    .replaceAll(/\b\d{10}\b/g, "seconds");
}
