import { headerValues, send } from "./send.ts";
import type { Answer } from "./send.ts";
import { isObject, listMember, member, parseJson, textMember } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { PASSWORD } from "./world.ts";
import type { World } from "./world.ts";

// What brings about the recorded states: each is done over HTTP, as the user who may.

/** A pair, its members in the order sent. */
export type TokenPair = JsonObject & { access: string; refresh: string };

export async function signIn(world: World, username: string): Promise<TokenPair> {
  return pairOf(await call(world, undefined, "POST", "/api/token/", { username, password: PASSWORD }));
}

export async function refreshPair(world: World, refresh: string): Promise<TokenPair> {
  return pairOf(await call(world, undefined, "POST", "/api/token/refresh/", { refresh }));
}

/** Makes a conversation of alice's, with one other; returns its id. */
export async function createConversation(world: World, other: string): Promise<string> {
  const participants = [await world.valueOf(`id:${other}`)];
  return textMember(await call(world, "alice", "POST", "/api/conversations/", { participants }), "conversation_id");
}

export async function deleteConversation(world: World, conversation: string): Promise<void> {
  await call(world, "alice", "DELETE", `/api/conversations/${conversation}/`);
}

/** The ids of alice's conversations. */
export async function conversations(world: World): Promise<string[]> {
  const page = await call(world, "alice", "GET", "/api/conversations/?page_size=100");
  return listMember(page, "results").map((conversation) => textMember(conversation, "conversation_id"));
}

/** Returns the message as the server answers it. */
export async function createMessage(world: World, sender: string, conversation: string, body: string): Promise<Json> {
  return call(world, sender, "POST", "/api/messages/", { conversation, message_body: body });
}

/** Deletes the messages alice sees, each as its sender, but for the one to keep. */
export async function deleteMessages(world: World, keep?: string): Promise<void> {
  const page = await call(world, "alice", "GET", "/api/messages/?page_size=100");
  for (const message of listMember(page, "results")) {
    const id = textMember(message, "message_id");
    const sender = textMember(member(message, "sender"), "username");
    if (id !== keep) await call(world, sender, "DELETE", `/api/messages/${id}/`);
  }
}

/** Signs alice in at the login form; returns the answer, whose cookies are the session's. */
export async function signInByForm(world: World): Promise<Answer> {
  const csrf = await world.valueOf("csrftoken");
  const form = new URLSearchParams({ username: "alice", password: PASSWORD, csrfmiddlewaretoken: csrf });
  const answer = await send(world.server.host, {
    method: "POST",
    path: "/api-auth/login/",
    headers: [
      ["Cookie", `csrftoken=${csrf}`],
      ["Content-Type", "application/x-www-form-urlencoded"],
    ],
    body: Buffer.from(form.toString()),
  });
  if (answer.status !== 302) throw new Error(`login form answered ${answer.status}`);
  return answer;
}

/** The value of a cookie that the answer sets. */
export function cookieOf(answer: Answer, name: string): string {
  const line = headerValues(answer, "set-cookie").find((cookie) => cookie.startsWith(`${name}=`));
  if (line === undefined) throw new Error(`no cookie ${name} was set`);
  return line.slice(name.length + 1).split(";")[0] ?? "";
}

function pairOf(pair: Json): TokenPair {
  if (!isObject(pair)) throw new TypeError("no pair of tokens");
  // The spread keeps the order: a member that is there already stays where it is.
  return { ...pair, access: textMember(pair, "access"), refresh: textMember(pair, "refresh") };
}

async function call(
  world: World,
  username: string | undefined,
  method: string,
  path: string,
  body?: JsonObject,
): Promise<Json> {
  const headers: [string, string][] = [];
  if (username !== undefined)
    headers.push(["Authorization", `Bearer ${await world.valueOf(`jwt:access:${username}`)}`]);
  if (body !== undefined) headers.push(["Content-Type", "application/json"]);
  const bytes = Buffer.from(body === undefined ? "" : JSON.stringify(body));
  const answer = await send(world.server.host, { method, path, headers, body: bytes });
  const text = answer.body.toString();
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return text === "" ? null : parseJson(text);
}
