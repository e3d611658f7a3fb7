import { type Answer as RawAnswer, headerOf, headerValues, send } from "../contract/send.ts";
import { type Json, parseJson, textMember } from "../contract/json.ts";
import type { TestServer } from "./server.ts";

export interface RequestOptions {
  /** An access token for the Authorization header. */
  readonly bearer?: string;
  readonly cookies?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a JSON body. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as it is; its type comes from `headers`. */
  readonly body?: Buffer | string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The body's JSON value. Throws SyntaxError where it is none. */
  readonly json: Json;
  header(name: string): string | undefined;
  /** What the answer's Set-Cookie lines set. */
  readonly setCookies: readonly string[];
}

/** One request to the server, on a connection of its own. */
export async function request(
  server: Pick<TestServer, "host">,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const headers = Object.entries(options.headers ?? {});
  if (options.bearer !== undefined) headers.push(["Authorization", `Bearer ${options.bearer}`]);
  if (options.cookies !== undefined) headers.push(["Cookie", cookieHeader(options.cookies)]);
  if (options.json !== undefined) headers.push(["Content-Type", "application/json"]);
  if (options.form !== undefined) headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  return answerOf(await send(server.host, { method, path, headers, body: bodyOf(options) }));
}

function bodyOf({ json, form, body }: RequestOptions): Buffer {
  if (json !== undefined) return Buffer.from(JSON.stringify(json));
  if (form !== undefined) return Buffer.from(new URLSearchParams(form).toString());
  return typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
}

const cookieHeader = (cookies: Readonly<Record<string, string>>) =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join("; ");

function answerOf(answer: RawAnswer): Answer {
  const text = answer.body.toString();
  return {
    status: answer.status,
    text,
    get json() {
      return parseJson(text);
    },
    header: (name) => headerOf(answer, name),
    setCookies: headerValues(answer, "set-cookie"),
  };
}

/** The value that the answer gives a cookie; throws where it sets none of that name. */
export function cookieValue(answer: Answer, name: string): string {
  const line = answer.setCookies.find((cookie) => cookie.startsWith(`${name}=`));
  if (line === undefined) throw new Error(`no cookie ${name} in an answer ${answer.status}`);
  return line.slice(name.length + 1).split(";")[0] ?? "";
}

export const detailOf = (answer: Answer): string => textMember(answer.json, "detail");

/** Makes a conversation of the caller with others and returns its id. */
export async function openConversation(
  server: Pick<TestServer, "host">,
  bearer: string,
  others: readonly string[],
): Promise<string> {
  const answer = await request(server, "POST", "/api/conversations/", { bearer, json: { participants: others } });
  return textMember(answer.json, "conversation_id");
}
