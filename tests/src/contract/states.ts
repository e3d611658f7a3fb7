import { setTimeout as delay } from "node:timers/promises";
import {
  conversations,
  cookieOf,
  createConversation,
  createMessage,
  deleteConversation,
  deleteMessages,
  refreshPair,
  signInByForm,
} from "./actions.ts";
import { parseJson, textMember } from "./json.ts";
import { makeNamedToken, nameOddAccessToken, namePair } from "./named-tokens.ts";
import type { Answer } from "./send.ts";
import type { TestServer } from "../support/server.ts";
import { PASSWORD } from "./world.ts";
import type { World } from "./world.ts";

/** What an exchange's `given` asks for beyond what the exchanges before it left, by "area: name". */
export const before: Record<string, (world: World) => Promise<void>> = {
  "token-refresh: deleted user": (world) => world.server.deleteUser("erin"),
  "token-verify: rotated-out refresh token": async (world) => {
    await refreshPair(world, await world.valueOf("jwt:refresh:alice-5"));
  },

  "conversations: create, participants missing": onlyConversationAb,
  "conversations: list, as participant": (world) => nameMessage(world, "message-1", "hello"),
  "conversations: delete, as participant": (world) => nameConversation(world, "conversation-2", "bob"),
  "messages: create, as non participant": onlyMessage1,
  "messages: delete, as sender": (world) => nameMessage(world, "message-2", "bye"),
  "nested-messages: create, as non participant": onlyMessage1,
  "nested-messages: retrieve, under another conversation of the caller": (world) =>
    nameConversation(world, "conversation-ac", "carol"),

  "pagination: first page": async (world) => {
    await onlyConversationAb(world);
    await deleteMessages(world);
    await sendNumberedMessages(world, 45);
  },
  "filters: conversation": async (world) => {
    await nameConversation(world, "conversation-ac", "carol");
    await createMessage(world, "carol", await world.valueOf("id:conversation-ac"), "carol's");
  },

  "session: login page": async (world) => {
    await onlyConversationAb(world);
    await deleteMessages(world);
  },
  "session: session of a user now inactive": (world) => world.server.setActive("alice", false),
  "session: session after a password change": async (world) => {
    await world.server.setActive("alice", true);
    await world.server.setPassword("alice", "another-Horse-8");
  },
  "session: logout": async (world) => {
    await world.server.setPassword("alice", PASSWORD);
    nameSession(world, await signInByForm(world));
  },

  "errors: unknown path": onlyConversationAb,
  "errors: no trailing slash, DELETE": onlyConversationAb,
  "errors: double slash": onlyConversationAb,

  "defects: user_id is not a UUID": (world) => nameOddAccessToken(world, { user_id: "7x" }),
  "defects: exp far beyond any date": (world) => nameOddAccessToken(world, { exp: 10 ** 18 }),
  "defects: user_id is an object": (world) => nameOddAccessToken(world, { user_id: { a: 1 } }),
};

/** What later exchanges name after an answer, by "area: name". */
export const after: Record<string, (world: World, answer: Answer) => void> = {
  "token-refresh: ok, form encoded": (world, answer) => {
    world.names.set("jwt:refresh:alice-successor", textMember(parseJson(answer.body.toString()), "refresh"));
  },
  "conversations: create": (world, answer) => {
    nameConversationAb(world, textMember(parseJson(answer.body.toString()), "conversation_id"));
  },
  "session: login page": (world, answer) => {
    world.names.set("csrftoken", cookieOf(answer, "csrftoken"));
  },
  "session: login ok": nameSession,
};

/**
 * The world of the record's first exchange, on a server that is empty. dave is inactive, and erin is deleted later; both
 * have tokens from before that.
 */
export async function openWorld(server: TestServer): Promise<World> {
  const names = new Map<string, string>();
  const world: World = {
    server,
    names,
    valueOf: async (name) => {
      const value = names.get(name) ?? (await makeNamedToken(world, name));
      if (value === undefined) throw new Error(`nothing stands for <${name}> yet`);
      names.set(name, value);
      return value;
    },
  };
  world.names.set("host", world.server.host);
  world.names.set("id:unknown", "00000000-0000-4000-8000-000000000000");
  for (const username of ["alice", "bob", "carol", "dave", "erin"]) {
    const { user_id } = await world.server.createUser({
      username,
      password: PASSWORD,
      email: `${username}@example.com`,
      first_name: `${username.charAt(0).toUpperCase()}${username.slice(1)}`,
    });
    world.names.set(`id:${username}`, user_id);
    await namePair(world, username, username);
  }
  await world.server.setActive("dave", false);
  return world;
}

async function nameConversation(world: World, name: string, other: string): Promise<void> {
  world.names.set(`id:${name}`, await createConversation(world, other));
}

async function nameMessage(world: World, name: string, body: string): Promise<void> {
  const message = await createMessage(world, "alice", await world.valueOf("id:conversation-ab"), body);
  world.names.set(`id:${name}`, textMember(message, "message_id"));
}

function nameConversationAb(world: World, id: string): void {
  world.names.set("id:conversation-ab", id);
  world.names.set("id:conversation-ab without dashes", id.replaceAll("-", ""));
}

function nameSession(world: World, answer: Answer): void {
  world.names.set("csrftoken:after-login", cookieOf(answer, "csrftoken"));
  world.names.set("sessionid", cookieOf(answer, "sessionid"));
}

/** Every exchange but those with a conversation of their own starts so; made anew where an exchange deleted it. */
async function onlyConversationAb(world: World): Promise<void> {
  const ab = await world.valueOf("id:conversation-ab");
  const present = await conversations(world);
  for (const id of present) {
    if (id !== ab) await deleteConversation(world, id);
  }
  if (!present.includes(ab)) nameConversationAb(world, await createConversation(world, "bob"));
}

async function onlyMessage1(world: World): Promise<void> {
  await deleteMessages(world, await world.valueOf("id:message-1"));
}

async function sendNumberedMessages(world: World, count: number): Promise<void> {
  const conversation = await world.valueOf("id:conversation-ab");
  for (let number = 0; number < count; number++) {
    const body = `m${String(number).padStart(2, "0")}`;
    const message = await createMessage(world, number % 2 === 0 ? "alice" : "bob", conversation, body);
    if (body === "m30") {
      const sentAt = textMember(message, "sent_at");
      world.names.set("datetime:m30", sentAt);
      world.names.set("datetime:m30 without zone", sentAt.replace(/Z$/, ""));
    }
    await delay(2); // the filters cut at a moment: no two may share one, even where a clock counts milliseconds
  }
}
