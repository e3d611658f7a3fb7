import { countPage, listConversations } from "./api.ts";
import type { Engine } from "./data.ts";
import type { RequestTemplate, Work } from "./plan.ts";
import { readers, seed, seededName, writers } from "./target.ts";
import type { RunningTarget } from "./target.ts";

/** By target. */
export type Bars = Readonly<Record<string, number>>;

/** One row of the table. */
export interface Operation {
  /** As `--only` takes it. */
  name: string;
  title: string;
  expectedStatus: number;
  /** How many times as many requests as this target Earshot is to answer at least, by Earshot's engine. */
  bars: Readonly<Record<Engine, Bars>>;
  prepare(target: RunningTarget, connections: number): Promise<Work>;
}

const get = (path: string, accessToken: string): RequestTemplate => ({ method: "GET", path, accessToken });

interface SignedIn {
  accessToken: string;
  /** Path of each conversation's messages. */
  messagePaths: string[];
}

async function signInAll(target: RunningTarget, usernames: string[], except: string[]): Promise<SignedIn[]> {
  const people: SignedIn[] = [];
  for (const username of usernames) {
    const { accessToken } = await target.signIn(username);
    const conversations = await listConversations(target.url, accessToken);
    const messagePaths = conversations
      .filter(({ participants }) => !participants.some((name) => except.includes(name)))
      .map(({ conversationId }) => `/api/conversations/${conversationId}/messages/`);
    people.push({ accessToken, messagePaths });
  }
  return people;
}

async function messagePages(target: RunningTarget): Promise<Work> {
  const people = await signInAll(target, readers, []);
  const requests = people.flatMap(({ accessToken, messagePaths }) =>
    messagePaths.map((path) => get(path, accessToken)),
  );
  for (const request of requests) {
    const count = await countPage(target.url, request);
    if (count !== seed.messages) throw new Error(`a page of ${count} messages, not ${seed.messages}: ${request.path}`);
  }
  return { kind: "rotate", requests };
}

async function conversationPages(target: RunningTarget): Promise<Work> {
  const people = await signInAll(target, readers, []);
  const requests = people.map(({ accessToken }) => get("/api/conversations/", accessToken));
  return { kind: "rotate", requests };
}

async function sends(target: RunningTarget): Promise<Work> {
  const people = await signInAll(target, writers, readers);
  const body = { message_body: "The quick brown fox jumps over the lazy dog" };
  const requests = people.flatMap(({ accessToken, messagePaths }) =>
    messagePaths.map((path): RequestTemplate => ({ method: "POST", path, accessToken, body })),
  );
  return { kind: "rotate", requests };
}

async function verifies(target: RunningTarget): Promise<Work> {
  const people = await signInAll(target, readers, []);
  const requests = people.map(({ accessToken }): RequestTemplate => {
    return { method: "POST", path: "/api/token/verify/", body: { token: accessToken } };
  });
  return { kind: "rotate", requests };
}

async function refreshes(target: RunningTarget, connections: number): Promise<Work> {
  const refreshTokens: string[] = [];
  for (let n = 0; n < connections; n += 1) {
    refreshTokens.push((await target.signIn(seededName(n % seed.users))).refreshToken);
  }
  return { kind: "chain", path: "/api/token/refresh/", refreshTokens };
}

export const operations: Operation[] = [
  {
    name: "page",
    title: "message page",
    expectedStatus: 200,
    bars: { sqlite: { bare: 0.85, peer: 40 }, postgres: { bare: 0.8 } },
    prepare: messagePages,
  },
  {
    name: "conversations",
    title: "conversations page",
    expectedStatus: 200,
    bars: { sqlite: { peer: 40 }, postgres: {} },
    prepare: conversationPages,
  },
  {
    name: "send",
    title: "send",
    expectedStatus: 201,
    bars: { sqlite: { bare: 0.85, peer: 30 }, postgres: { bare: 0.8 } },
    prepare: sends,
  },
  {
    name: "verify",
    title: "token verify",
    expectedStatus: 200,
    bars: { sqlite: { peer: 8 }, postgres: {} },
    prepare: verifies,
  },
  {
    name: "refresh",
    title: "token refresh",
    expectedStatus: 200,
    bars: { sqlite: {}, postgres: {} },
    prepare: refreshes,
  },
];
