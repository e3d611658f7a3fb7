import assert from "node:assert/strict";

import { createMessageService } from "../../../server/src/messages/service.ts";
import { ApiError, notFound } from "../../../server/src/http/errors.ts";
import { authorizer } from "../../../server/src/permissions/authorize.ts";
import { sendPermissions } from "../../../server/src/messages/permissions.ts";
import { changesOf, messageOf, sendMessage, setParticipants, testConversing } from "./conversation.ts";
import { lockConversation } from "./holder.ts";

const testRace = testConversing("two processes wait for a conversation");

testRace(
  "a participant removed while their send waits is answered 403, and nothing is sent",
  async ({ one, other, alice, bob, conversation, client, installation }) => {
    await sendMessage(one, bob, conversation, { message_body: "before" });
    const holder = await lockConversation(client, conversation);
    const removed = setParticipants(one, alice, conversation, [alice]);
    await holder.isAwaitedBy(1);
    const sent = sendMessage(other, bob, conversation, { message_body: "after" });
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.equal((await removed).status, 200);
    assert.equal((await sent).status, 403);
    assert.deepEqual(await changesOf(installation, conversation), {
      last: 3,
      messages: [{ message_body: "before", seq: 2, changed_seq: 2 }],
      participants: [
        { user_id: alice.user_id, there: true, changed_seq: 1 },
        { user_id: bob.user_id, there: false, changed_seq: 3 },
      ],
    });
  },
);

testRace(
  "a send that waits before its sender is removed arrives, and its repeat after that is answered 403",
  async ({ one, other, alice, bob, conversation, client, installation }) => {
    const message = { message_body: "hello", client_id: "once" };
    const holder = await lockConversation(client, conversation);
    const sent = sendMessage(one, bob, conversation, message);
    await holder.isAwaitedBy(1);
    const removed = setParticipants(other, alice, conversation, [alice]);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.equal((await sent).status, 201);
    assert.equal((await removed).status, 200);
    assert.equal((await sendMessage(other, bob, conversation, message)).status, 403);
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 3);
    assert.deepEqual(messages, [{ message_body: "hello", seq: 2, changed_seq: 2 }]);
  },
);

testRace(
  "a send in a transaction of its own sees the removal it waited for, too",
  async ({ one, other, alice, bob, conversation, client, installation }) => {
    const { database, clock } = other.context;
    const messages = createMessageService({ database: { ...database, atOnce: async () => undefined }, clock });
    const holder = await lockConversation(client, conversation);
    const removed = setParticipants(one, alice, conversation, [alice]);
    await holder.isAwaitedBy(1);
    const sent = messages.send(
      bob,
      conversation,
      { message_body: "after", client_id: "new" },
      { authorize: authorizer(sendPermissions, bob, "POST"), absent: notFound, confirmed: Promise.resolve() },
    );
    const refused = assert.rejects(sent, (error) => error instanceof ApiError && error.status === 403);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.equal((await removed).status, 200);
    await refused;
    const { last, messages: there } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.deepEqual(there, []);
  },
);

testRace(
  "of messages sent through two processes none is seen before those numbered below it",
  async ({ one, other, alice, bob, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const sends = Array.from({ length: 40 }, (_, index) => {
      const [server, sender] = index % 2 === 0 ? [one, alice] : [other, bob];
      return sendMessage(server, sender, conversation, { message_body: `${index}` });
    });
    await holder.isAwaitedBy(4);
    await holder.release();
    const all = Promise.all(sends);
    let last = 1;
    while (last < 41) {
      const { rows } = await client.query<{ count: string; last: number }>(
        "select count(*), coalesce(max(seq), 1)::integer as last from messages where conversation_id = $1",
        [conversation],
      );
      assert.equal(Number(rows[0]?.count) + 1, rows[0]?.last);
      last = rows[0]?.last ?? 0;
    }

    for (const { status } of await all) assert.equal(status, 201);
    assert.equal((await changesOf(installation, conversation)).last, 41);
  },
);

testRace(
  "two sends of one client_id through two processes make one message, which both are answered",
  async ({ one, other, bob, conversation, client, installation }) => {
    const message = { message_body: "hello", client_id: "same" };
    const holder = await lockConversation(client, conversation);
    const sends = [one, other].map((server) => sendMessage(server, bob, conversation, message));
    await holder.isAwaitedBy(2);
    await holder.release();

    const [first, second] = await Promise.all(sends);
    assert.deepEqual([first?.status, second?.status], [201, 201]);
    assert.deepEqual(first?.json, second?.json);
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.equal(messages.length, 1);
  },
);

testRace(
  "of two messages under one client_id through two processes one is sent, the other answered 409",
  async ({ one, other, bob, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const sent = sendMessage(one, bob, conversation, { message_body: "this", client_id: "same" });
    await holder.isAwaitedBy(1);
    const refused = sendMessage(other, bob, conversation, { message_body: "that", client_id: "same" });
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.equal(messageOf(await sent).length, 36);
    assert.equal((await refused).status, 409);
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.deepEqual(
      messages.map(({ message_body }) => message_body),
      ["this"],
    );
  },
);
