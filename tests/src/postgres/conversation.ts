import { after, test } from "node:test";

import type { Client } from "pg";

import { textMember } from "../contract/json.ts";
import { postgresOnly } from "../support/databases.ts";
import { type Answer, openConversation, request } from "../support/http.ts";
import type { TestServer } from "../support/server.ts";
import { accessToken } from "../support/tokens.ts";
import { install, type Installation } from "./installation.ts";

export interface Person {
  readonly user_id: string;
  readonly username: string;
  readonly bearer: string;
}

/** Two servers over one database, on which alice's conversation with bob is; carol is there, too. */
export interface Conversing {
  readonly installation: Installation;
  readonly one: TestServer;
  readonly other: TestServer;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly conversation: string;
  /** A connection of the test's own. */
  readonly client: Client;
}

/**
 * What defines the tests of a file: they share the servers, and each has people and a conversation of its own.
 * @param reason why they are about PostgreSQL alone
 */
export function testConversing(reason: string): (name: string, body: (stage: Conversing) => Promise<void>) => void {
  let started: Promise<readonly [Installation, TestServer]> | undefined;
  let number = 0;
  after(async () => {
    const [installation] = (await started) ?? [];
    await installation?.[Symbol.asyncDispose]();
  });
  const start = async () => {
    const installation = await install();
    return [installation, await installation.startAnother()] as const;
  };

  return (name, body) => {
    void test(name, postgresOnly(reason), async () => {
      const [installation, other] = await (started ??= start());
      number += 1;
      const client = await installation.connect();
      try {
        await body({ installation, other, client, ...(await meet(installation.server, number)) });
      } finally {
        await client.end();
      }
    });
  };
}

/** Alice, bob and carol, and the conversation of the first two. */
export async function meet(server: TestServer, number = 0) {
  const join = async (name: string): Promise<Person> => {
    const username = `${name}${number}`;
    const { user_id } = await server.createUser({ username });
    return { user_id, username, bearer: accessToken(user_id) };
  };
  const [alice, bob, carol] = await Promise.all([join("alice"), join("bob"), join("carol")]);
  const conversation = await openConversation(server, alice.bearer, [bob.user_id]);
  return { one: server, alice, bob, carol, conversation };
}

interface Sending {
  readonly message_body: string;
  readonly client_id?: string;
}

export const sendMessage = (server: TestServer, { bearer }: Person, conversation: string, json: Sending) =>
  request(server, "POST", `/api/conversations/${conversation}/messages/`, { bearer, json });

export const setParticipants = (server: TestServer, { bearer }: Person, conversation: string, people: Person[]) =>
  request(server, "PUT", `/api/conversations/${conversation}/`, {
    bearer,
    json: { participants: people.map(({ user_id }) => user_id) },
  });

export const messageOf = (answer: Answer): string => textMember(answer.json, "message_id");

/** What has a `seq` in a conversation: each of its messages and participants, by the change that touched it last. */
export interface Changes {
  /** The conversation's own: that of its last change. */
  readonly last: number;
  readonly messages: readonly { readonly message_body: string; readonly seq: number; readonly changed_seq: number }[];
  readonly participants: readonly { readonly user_id: string; readonly there: boolean; readonly changed_seq: number }[];
}

export async function changesOf({ rows }: Installation, conversation: string): Promise<Changes> {
  const [last, messages, participants] = await Promise.all([
    rows("select seq from conversations where conversation_id = $1", conversation),
    rows("select message_body, seq, changed_seq from messages where conversation_id = $1 order by seq", conversation),
    rows(
      "select user_id, left_at, changed_seq from participants where conversation_id = $1 order by changed_seq",
      conversation,
    ),
  ]);
  return {
    last: Number(last[0]?.["seq"]),
    messages: messages.map(({ message_body, seq, changed_seq }) => ({
      message_body: String(message_body),
      seq: Number(seq),
      changed_seq: Number(changed_seq),
    })),
    participants: participants.map(({ user_id, left_at, changed_seq }) => ({
      user_id: String(user_id),
      there: left_at === null,
      changed_seq: Number(changed_seq),
    })),
  };
}
