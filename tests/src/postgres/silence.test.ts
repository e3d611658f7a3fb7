import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { postgresOnly } from "../support/databases.ts";
import { request } from "../support/http.ts";
import { foreignRefreshToken, refresh } from "../support/tokens.ts";
import { meet, sendMessage } from "./conversation.ts";
import { install } from "./installation.ts";
import { openProxy } from "./proxy.ts";
import { assertPutOff } from "./put-off.ts";

const SILENCE = postgresOnly("the way to the database falls silent");

// They wait for deadlines most of the time: all at once.
suite("a database that answers no more", { concurrency: true }, () => {
  test("is given up, each request is answered 503, and all is well when it is back", SILENCE, async () => {
    await using stage = await startStage();
    const { proxy, ask } = stage;
    for (const { status } of await ask()) assert.ok(status < 300);
    proxy.swallow();
    for (const answer of await ask()) assertPutOff(answer);
    proxy.restore();
    for (const { status, text } of await ask()) assert.ok(status < 300, text);
  });

  test("cannot be connected to: each request is answered 503 until it is back", SILENCE, async () => {
    await using stage = await startStage();
    const { proxy, ask } = stage;
    proxy.swallow();
    proxy.cut();
    for (const answer of await ask()) assertPutOff(answer);
    proxy.restore();
    for (const { status, text } of await ask()) assert.ok(status < 300, text);
  });

  test("does not keep the server from closing", SILENCE, async () => {
    await using stage = await startStage();
    const { proxy, ask } = stage;
    for (const { status } of await ask()) assert.ok(status < 300);
    // It closes when the test is over.
    proxy.swallow();
  });
});

/** A server with one connection of each kind, and requests that use them: for reading, for writing, for transactions. */
async function startStage() {
  const stack = new AsyncDisposableStack();
  const proxy = stack.use(await openProxy());
  const settings = { DATABASE_POOL_SIZE: 4, DATABASE_STATEMENT_TIMEOUT: 2, DATABASE_LOCK_TIMEOUT: 1 };
  const { server } = stack.use(await install({ by: proxy, settings }));
  const { alice, bob, conversation } = await meet(server);
  const ask = () =>
    Promise.all([
      request(server, "GET", "/api/messages/", { bearer: alice.bearer }),
      sendMessage(server, bob, conversation, { message_body: "hello" }),
      refresh(server, foreignRefreshToken(bob.user_id)),
    ]);
  return { proxy, ask, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
