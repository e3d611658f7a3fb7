import assert from "node:assert/strict";

import { type Answer, request } from "../support/http.ts";
import type { TestServer } from "../support/server.ts";
import { changesOf, messageOf, type Person, sendMessage, setParticipants, testConversing } from "./conversation.ts";
import { lockConversation } from "./holder.ts";

const testRace = testConversing("two processes wait for a conversation");

type Change = (server: TestServer, message: string, sender: Person) => Promise<Answer>;

const edit: Change = (server, message, { bearer }) =>
  request(server, "PATCH", `/api/messages/${message}/`, { bearer, json: { message_body: "changed" } });
const erase: Change = (server, message, { bearer }) =>
  request(server, "DELETE", `/api/messages/${message}/`, { bearer });

/** In their order, whoever was first. */
const statusesOf = async (answers: readonly Promise<Answer>[]) =>
  (await Promise.all(answers)).map(({ status }) => status).toSorted((one, other) => one - other);

for (const [name, change] of [
  ["an edit", edit],
  ["a deletion", erase],
] as const) {
  testRace(
    `${name} whose sender is removed while it waits is answered 404, and nothing is changed`,
    async ({ one, other, alice, bob, conversation, client, installation }) => {
      const message = messageOf(await sendMessage(one, bob, conversation, { message_body: "mine" }));
      const holder = await lockConversation(client, conversation);
      const removed = setParticipants(one, alice, conversation, [alice]);
      await holder.isAwaitedBy(1);
      const changed = change(other, message, bob);
      await holder.isAwaitedBy(2);
      await holder.release();

      assert.equal((await removed).status, 200);
      assert.equal((await changed).status, 404);
      const { last, messages } = await changesOf(installation, conversation);
      assert.equal(last, 3);
      assert.deepEqual(messages, [{ message_body: "mine", seq: 2, changed_seq: 2 }]);
    },
  );
}

testRace(
  "an edit that waits while its message is erased is answered 404, and nothing comes back",
  async ({ one, other, bob, conversation, client, installation }) => {
    const message = messageOf(await sendMessage(one, bob, conversation, { message_body: "mine" }));
    const holder = await lockConversation(client, conversation);
    const erased = erase(one, message, bob);
    await holder.isAwaitedBy(1);
    const edited = edit(other, message, bob);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.equal((await erased).status, 204);
    assert.equal((await edited).status, 404);
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 3);
    assert.deepEqual(messages, [{ message_body: "", seq: 2, changed_seq: 3 }]);
  },
);

testRace(
  "two edits of a message at once are two changes, and the later one stays",
  async ({ one, other, bob, conversation, client, installation }) => {
    const message = messageOf(await sendMessage(one, bob, conversation, { message_body: "mine" }));
    const holder = await lockConversation(client, conversation);
    const first = request(one, "PATCH", `/api/messages/${message}/`, {
      bearer: bob.bearer,
      json: { message_body: "first" },
    });
    await holder.isAwaitedBy(1);
    const second = edit(other, message, bob);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.deepEqual([(await first).status, (await second).status], [200, 200]);
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 4);
    assert.deepEqual(messages, [{ message_body: "changed", seq: 2, changed_seq: 4 }]);
  },
);

testRace(
  "two deletions of a message at once: one is answered 204, one 404, and it is counted out once",
  async ({ one, other, bob, conversation, client, installation }) => {
    await sendMessage(one, bob, conversation, { message_body: "another" });
    const message = messageOf(await sendMessage(one, bob, conversation, { message_body: "mine" }));
    const holder = await lockConversation(client, conversation);
    const deletions = [one, other].map((server) => erase(server, message, bob));
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.deepEqual(await statusesOf(deletions), [204, 404]);
    const counts = await installation.rows(
      `select c.message_count, p.sent_count from conversations c join participants p using (conversation_id)
      where c.conversation_id = $1 and p.user_id = $2`,
      conversation,
      bob.user_id,
    );
    assert.deepEqual({ ...counts[0] }, { message_count: 1, sent_count: 1 });
  },
);

testRace(
  "two deletions of a conversation at once: one is answered 204, one 404",
  async ({ one, other, alice, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const deletions = [one, other].map((server) =>
      request(server, "DELETE", `/api/conversations/${conversation}/`, { bearer: alice.bearer }),
    );
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.deepEqual(await statusesOf(deletions), [204, 404]);
    assert.equal((await changesOf(installation, conversation)).last, 2);
  },
);

testRace(
  "a send that waits while its conversation is deleted is answered as any outsider's is",
  async ({ one, other, alice, bob, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const deleted = request(one, "DELETE", `/api/conversations/${conversation}/`, { bearer: alice.bearer });
    await holder.isAwaitedBy(1);
    const sent = sendMessage(other, bob, conversation, { message_body: "late" });
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.equal((await deleted).status, 204);
    assert.equal((await sent).status, (await sendMessage(other, bob, conversation, { message_body: "later" })).status);
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.deepEqual(messages, []);
  },
);

testRace(
  "two settings of the participants at once come one after the other, each whole",
  async ({ one, other, alice, bob, carol, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const first = setParticipants(one, alice, conversation, [alice]);
    await holder.isAwaitedBy(1);
    const second = setParticipants(other, alice, conversation, [alice, bob, carol]);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.deepEqual([(await first).status, (await second).status], [200, 200]);
    const { last, participants } = await changesOf(installation, conversation);
    assert.equal(last, 4);
    assert.deepEqual(
      participants.map(({ there, changed_seq }) => [there, changed_seq]),
      [
        [true, 1],
        [true, 3],
        [true, 4],
      ],
    );
  },
);

testRace(
  "someone whom two take in at once is taken in once",
  async ({ one, other, alice, bob, carol, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const first = setParticipants(one, alice, conversation, [alice, bob, carol]);
    await holder.isAwaitedBy(1);
    const second = setParticipants(other, bob, conversation, [alice, bob, carol]);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.deepEqual([(await first).status, (await second).status], [200, 200]);
    const { last, participants } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.deepEqual(participants.at(-1), { user_id: carol.user_id, there: true, changed_seq: 2 });
  },
);

testRace(
  "whoever is removed while they set the participants is answered 404, and changes nothing",
  async ({ one, other, alice, bob, carol, conversation, client, installation }) => {
    const holder = await lockConversation(client, conversation);
    const removed = setParticipants(one, alice, conversation, [alice]);
    await holder.isAwaitedBy(1);
    const added = setParticipants(other, bob, conversation, [alice, bob, carol]);
    await holder.isAwaitedBy(2);
    await holder.release();

    assert.deepEqual([(await removed).status, (await added).status], [200, 404]);
    const { last, participants } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.equal(participants.length, 2);
  },
);
