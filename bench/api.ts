import type { RequestTemplate } from "./plan.ts";

export interface Person {
  accessToken: string;
  refreshToken: string;
}

export interface Conversation {
  conversationId: string;
  /** Usernames. */
  participants: string[];
}

/** A member of a JSON object; undefined where `value` is none or has no such member. */
export function jsonField(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** A text member of a JSON object. */
export function textField(value: unknown, name: string): string {
  const found = jsonField(value, name);
  if (typeof found !== "string") throw new Error(`no text "${name}" in the answer`);
  return found;
}

function listField(value: unknown, name: string): unknown[] {
  const found = jsonField(value, name);
  if (!Array.isArray(found)) throw new Error(`no list "${name}" in the answer`);
  return found;
}

/** Sends one request and answers with its JSON. Throws for any status but 200 and after 30 seconds. */
async function call(url: string, { method, path, accessToken, body }: RequestTemplate): Promise<unknown> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (accessToken !== undefined) headers["authorization"] = `Bearer ${accessToken}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(new URL(path, url), {
    method,
    headers,
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content = await answer.text();
  if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status}: ${content.slice(0, 200)}`);
  return JSON.parse(content);
}

/** Signs in by the contract's `POST /api/token/`. */
export async function signIn(url: string, username: string, password: string): Promise<Person> {
  const pair = await call(url, { method: "POST", path: "/api/token/", body: { username, password } });
  return { accessToken: textField(pair, "access"), refreshToken: textField(pair, "refresh") };
}

/** The first page of a person's conversations. */
export async function listConversations(url: string, accessToken: string): Promise<Conversation[]> {
  const page = await call(url, { method: "GET", path: "/api/conversations/", accessToken });
  return listField(page, "results").map((conversation) => ({
    conversationId: textField(conversation, "conversation_id"),
    participants: listField(conversation, "participants").map((person) => textField(person, "username")),
  }));
}

/** How many rows the page that `request` asks for holds. */
export async function countPage(url: string, request: RequestTemplate): Promise<number> {
  return listField(await call(url, request), "results").length;
}
