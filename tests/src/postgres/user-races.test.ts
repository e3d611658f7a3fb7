import assert from "node:assert/strict";

import { UserProblem } from "../../../server/src/users/service.ts";
import { openConversation, request } from "../support/http.ts";
import { foreignRefreshToken, refresh } from "../support/tokens.ts";
import { sendMessage, setParticipants, testConversing } from "./conversation.ts";
import { begin } from "./holder.ts";
import type { Installation } from "./installation.ts";

const testRace = testConversing("two processes wait for a user");

const isTaken = (error: unknown) =>
  error instanceof UserProblem && error.problems.join() === "A user with that username already exists.";

testRace(
  "of two processes that create a user of one name, one does, and the other is told that it exists",
  async ({ one, other, client, installation }) => {
    // Both find the name free before either takes it.
    const holder = await begin(client);
    await holder.run("lock table users in share mode");
    const creations = Promise.allSettled([one, other].map((server) => server.createUser({ username: "zoe" })));
    await holder.isAwaitedBy(2);
    await holder.release();

    const outcomes = await creations;
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(refused.length, 1);
    assert.ok(isTaken(refused[0]?.reason), String(refused[0]?.reason));
    assert.equal((await installation.rows("select 1 from users where username = 'zoe'")).length, 1);
  },
);

const isInNone = async (installation: Installation, user: string) => {
  const rows = await installation.rows(
    `select u.deleted_at, count(p.user_id) as count from users u
      left join participants p on p.user_id = u.user_id and p.left_at is null
      where u.user_id = $1 group by u.user_id`,
    user,
  );
  assert.notEqual(rows[0]?.["deleted_at"], null);
  assert.equal(rows[0]?.["count"], 0);
};

testRace(
  "someone who is taken into a conversation while being erased is in none in the end",
  async ({ one, other, alice, bob, client, installation }) => {
    const holder = await begin(client);
    await holder.run("select 1 from users where user_id = $1 for update", bob.user_id);
    const erased = one.deleteUser(bob.username);
    await holder.isAwaitedBy(1);
    const opened = request(other, "POST", "/api/conversations/", {
      bearer: alice.bearer,
      json: { participants: [bob.user_id] },
    });
    await holder.isAwaitedBy(2);
    await holder.release();

    await erased;
    assert.ok([201, 400].includes((await opened).status));
    await isInNone(installation, bob.user_id);
  },
);

testRace(
  "whoever would take someone in waits for the end of their erasing, and is told that they are not there",
  async ({ one, other, alice, bob, client, installation }) => {
    // What is erased last is the account, with its sessions.
    assert.equal((await refresh(one, foreignRefreshToken(bob.user_id))).status, 200);
    const holder = await begin(client);
    await holder.run("select 1 from sessions where user_id = $1 for update", bob.user_id);
    const erased = one.deleteUser(bob.username);
    await holder.isAwaitedBy(1);
    const opened = request(other, "POST", "/api/conversations/", {
      bearer: alice.bearer,
      json: { participants: [bob.user_id] },
    });
    await holder.isAwaitedBy(2);
    await holder.release();

    await erased;
    assert.equal((await opened).status, 400);
    await isInNone(installation, bob.user_id);
  },
);

testRace(
  "a dead lock between erasing someone and setting the participants is no error for either",
  async ({ one, other, alice, bob, carol, conversation, client, installation }) => {
    const holder = await begin(client);
    await holder.run("select 1 from users where user_id = $1 for update", carol.user_id);
    // Has the conversation, waits for carol, then wants bob …
    const set = setParticipants(other, alice, conversation, [carol, bob]);
    await holder.isAwaitedBy(1);
    // … and this has bob, and wants the conversation.
    const erased = one.deleteUser(bob.username);
    await holder.isAwaitedBy(2);
    await holder.release();

    await erased;
    assert.ok([200, 400].includes((await set).status));
    await isInNone(installation, bob.user_id);
  },
);

testRace(
  "a send that waits while its sender is being erased leaves nothing behind",
  async ({ one, other, alice, bob, client, installation }) => {
    const conversation = await openConversation(one, alice.bearer, [bob.user_id]);
    const holder = await begin(client);
    await holder.run("select 1 from conversations where conversation_id = $1 for no key update", conversation);
    const erased = one.deleteUser(bob.username);
    await holder.isAwaitedBy(1);
    const sent = sendMessage(other, bob, conversation, { message_body: "farewell" });
    await holder.isAwaitedBy(2);
    await holder.release();

    await erased;
    assert.ok([401, 403].includes((await sent).status), String((await sent).status));
    const left = await installation.rows(
      "select 1 from messages where sender_id = $1 and message_body <> ''",
      bob.user_id,
    );
    assert.deepEqual(left, []);
    await isInNone(installation, bob.user_id);
  },
);
