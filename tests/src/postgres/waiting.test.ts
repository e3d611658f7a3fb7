import assert from "node:assert/strict";
import { test } from "node:test";

import { postgresOnly } from "../support/databases.ts";
import { openConversation, request } from "../support/http.ts";
import { meet, sendMessage, setParticipants } from "./conversation.ts";
import { begin, lockConversation } from "./holder.ts";
import { install } from "./installation.ts";
import { assertPutOff } from "./put-off.ts";

const LOCKS = postgresOnly("statements wait for locks no longer than the settings say");

const SHORT = { DATABASE_STATEMENT_TIMEOUT: 2, DATABASE_LOCK_TIMEOUT: 1 };

test("while writes wait for a conversation, all else is served", LOCKS, async () => {
  await using installation = await install({ settings: { DATABASE_POOL_SIZE: 20 } });
  const { server } = installation;
  const { alice, bob, carol, conversation } = await meet(server);
  const another = await openConversation(server, alice.bearer, [carol.user_id]);
  const client = await installation.connect();
  const holder = await lockConversation(client, conversation);
  const sent = sendMessage(server, bob, conversation, { message_body: "patience" });
  const set = setParticipants(server, alice, conversation, [alice, bob, carol]);
  await holder.isAwaitedBy(2);

  const path = `/api/conversations/${conversation}/messages/`;
  assert.equal((await request(server, "GET", path, { bearer: bob.bearer })).status, 200);
  assert.equal((await sendMessage(server, carol, another, { message_body: "in time" })).status, 201);
  assert.equal((await setParticipants(server, alice, another, [alice])).status, 200);
  await holder.isAwaitedBy(2);
  await holder.release();
  assert.deepEqual([(await sent).status, (await set).status], [201, 200]);
});

test(
  "a write that waits for a lock too long is answered 503, not done, and done when it is repeated",
  LOCKS,
  async () => {
    await using installation = await install({ settings: SHORT });
    const { server, rows } = installation;
    const { alice, bob, conversation } = await meet(server);
    const client = await installation.connect();
    const holder = await lockConversation(client, conversation);
    const writes = () =>
      Promise.all([
        sendMessage(server, bob, conversation, { message_body: "hello" }),
        setParticipants(server, alice, conversation, [alice, bob]),
      ]);
    for (const answer of await writes()) assertPutOff(answer);
    await holder.release();
    assert.deepEqual(await rows("select seq from messages where conversation_id = $1", conversation), []);
    for (const { status } of await writes()) assert.ok(status === 200 || status === 201);
  },
);

test("requests that first come while a table is locked are answered 503, and then as ever", LOCKS, async () => {
  await using installation = await install({ settings: SHORT });
  const { server } = installation;
  const { alice, bob, conversation } = await meet(server);
  const client = await installation.connect();
  const holder = await begin(client);
  await holder.run("lock table messages in access exclusive mode");
  // More than there are connections: several are on their way on each.
  const ask = () =>
    Promise.all(
      Array.from({ length: 3 }, () => [
        request(server, "GET", "/api/messages/", { bearer: alice.bearer }),
        request(server, "GET", "/api/messages/?search=x", { bearer: alice.bearer }),
        sendMessage(server, bob, conversation, { message_body: "hello" }),
      ]).flat(),
    );
  const asked = ask();
  await holder.isAwaitedBy(3);
  for (const answer of await asked) assertPutOff(answer);
  await holder.release();
  for (const { status, text } of await ask()) assert.ok(status === 200 || status === 201, text);
});

test("a request that runs into a dead lock is done all the same", LOCKS, async () => {
  await using installation = await install();
  const { server, rows } = installation;
  const { alice, carol, conversation } = await meet(server);
  const client = await installation.connect();
  const holder = await begin(client);
  await holder.run("select 1 from users where user_id = $1 for update", carol.user_id);
  // It has the conversation, and waits for carol.
  const set = setParticipants(server, alice, conversation, [alice, carol]);
  await holder.isAwaitedBy(1);
  // PostgreSQL ends one whose patience is over: not the test's, where the test may say so, else whoever waited longer.
  await client
    .query("savepoint before; set local deadlock_timeout = '1min'")
    .catch(() => client.query("rollback to before"));
  await holder.run("select 1 from conversations where conversation_id = $1 for update", conversation);
  await holder.release();

  assert.equal((await set).status, 200);
  assert.deepEqual(await rows("select seq from conversations where conversation_id = $1", conversation), [{ seq: 3 }]);
});
