import assert from "node:assert/strict";
import { test } from "node:test";

import { postgresOnly } from "../support/databases.ts";
import { request } from "../support/http.ts";
import { BLACKLISTED, foreignRefreshToken, pairOf, refresh } from "../support/tokens.ts";
import { changesOf, meet, messageOf, sendMessage } from "./conversation.ts";
import { install } from "./installation.ts";
import { openProxy, type Proxy } from "./proxy.ts";
import { assertPutOff } from "./put-off.ts";

const ANSWERS = postgresOnly("the connection is lost while a write is on its way");

/** How the driver asks for the send in one statement, and for the end of a transaction. */
const SEND = "messages.sendAtOnce";
const COMMIT = "commit\0";

/** Whether the database gets to do it or not, the client hears neither that it did nor that it did not. */
const LOSSES = [
  { lost: "the request", done: false, lose: (proxy: Proxy, text: string) => proxy.loseRequest(text) },
  { lost: "the answer", done: true, lose: (proxy: Proxy, text: string) => proxy.loseAnswer(text) },
] as const;

async function stage(proxy: Proxy) {
  const installation = await install({ by: proxy });
  const { server } = installation;
  // The transaction that is lost is to be the test's own.
  await server.context.housekeeping.stop();
  return {
    installation,
    server,
    ...(await meet(server)),
    [Symbol.asyncDispose]: () => installation[Symbol.asyncDispose](),
  };
}

for (const { lost, done, lose } of LOSSES) {
  test(`a send of which ${lost} is lost is answered 503, and its repeat sends it once`, ANSWERS, async () => {
    await using proxy = await openProxy();
    await using installed = await stage(proxy);
    const { server, bob, conversation, installation } = installed;
    const send = () => sendMessage(server, bob, conversation, { message_body: "hello", client_id: "once" });
    const isLost = lose(proxy, SEND);
    assertPutOff(await send());
    await isLost;
    assert.equal((await changesOf(installation, conversation)).messages.length, done ? 1 : 0);

    const [one, other] = [await send(), await send()];
    assert.deepEqual([one.status, other.status], [201, 201]);
    assert.equal(messageOf(one), messageOf(other));
    const { last, messages } = await changesOf(installation, conversation);
    assert.equal(last, 2);
    assert.equal(messages.length, 1);
  });

  test(
    `an edit of which the end of the transaction is lost, with ${lost}, is answered 503, and its repeat is one change`,
    ANSWERS,
    async () => {
      await using proxy = await openProxy();
      await using installed = await stage(proxy);
      const { server, bob, conversation, installation } = installed;
      const message = messageOf(await sendMessage(server, bob, conversation, { message_body: "hello" }));
      const edit = () =>
        request(server, "PATCH", `/api/messages/${message}/`, {
          bearer: bob.bearer,
          json: { message_body: "changed" },
        });
      const isLost = lose(proxy, COMMIT);
      assertPutOff(await edit());
      await isLost;
      assert.equal((await changesOf(installation, conversation)).last, done ? 3 : 2);

      assert.equal((await edit()).status, 200);
      const { last, messages } = await changesOf(installation, conversation);
      assert.equal(last, 3);
      assert.deepEqual(messages, [{ message_body: "changed", seq: 2, changed_seq: 3 }]);
    },
  );

  test(
    `a refresh of which the end of the transaction is lost, with ${lost}, is answered 503, and is no theft when it is repeated`,
    ANSWERS,
    async () => {
      await using proxy = await openProxy();
      await using installed = await stage(proxy);
      const { server, bob, installation } = installed;
      const { refresh: token } = pairOf(await refresh(server, foreignRefreshToken(bob.user_id)));
      const isLost = lose(proxy, COMMIT);
      assertPutOff(await refresh(server, token));
      await isLost;

      const again = await refresh(server, token);
      if (done) assert.deepEqual(again.json, BLACKLISTED);
      else assert.equal(again.status, 200);
      const sessions = await installation.rows("select ended_at from sessions where user_id = $1", bob.user_id);
      assert.deepEqual(sessions.map(Object.entries), [[["ended_at", null]]]);
    },
  );

  test(
    `a new conversation of which the end of the transaction is lost, with ${lost}, is there whole or not at all`,
    ANSWERS,
    async () => {
      await using proxy = await openProxy();
      await using installed = await stage(proxy);
      const { server, alice, bob, installation } = installed;
      const open = () =>
        request(server, "POST", "/api/conversations/", {
          bearer: alice.bearer,
          json: { participants: [bob.user_id] },
        });
      const isLost = lose(proxy, COMMIT);
      assertPutOff(await open());
      await isLost;
      const participants = await installation.rows(
        "select count(*) as count from participants group by conversation_id order by conversation_id",
      );
      assert.deepEqual(
        participants.map(({ count }) => count),
        done ? [2, 2] : [2],
      );
      assert.equal((await open()).status, 201);
    },
  );
}
