import assert from "node:assert/strict";
import { test } from "node:test";

import { postgresOnly } from "../support/databases.ts";
import { type Answer, request } from "../support/http.ts";
import { logIn } from "../support/browser.ts";
import { foreignRefreshToken, PASSWORD, refresh } from "../support/tokens.ts";
import { meet, messageOf, sendMessage } from "./conversation.ts";
import { begin, lockConversation } from "./holder.ts";
import { install } from "./installation.ts";
import { openProxy } from "./proxy.ts";
import { assertPutOff } from "./put-off.ts";

const CONNECTIONS = postgresOnly("connections to the database are lost");

/** Ends all connections of the servers, as an administrator or a restart does. */
const TERMINATE = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1";

test("reads are answered although their idle connections were ended", CONNECTIONS, async () => {
  await using installation = await install();
  const { server, applicationName } = installation;
  const { alice, conversation } = await meet(server);
  const paths = ["/api/conversations/", `/api/conversations/${conversation}/messages/`, "/api/messages/?search=x"];
  const read = () =>
    Promise.all(
      Array.from({ length: 4 }, () =>
        paths.map((path) => request(server, "GET", path, { bearer: alice.bearer })),
      ).flat(),
    );
  await read();
  for (let round = 0; round < 10; round++) {
    await installation.rows(TERMINATE, applicationName);
    for (const { status, text } of await read()) assert.equal(status, 200, text);
  }
});

test("reads are answered although their connections were ended while they waited", CONNECTIONS, async () => {
  await using installation = await install();
  const { server, applicationName } = installation;
  const { alice } = await meet(server);
  const client = await installation.connect();
  const holder = await begin(client);
  await holder.run("lock table messages in access exclusive mode");
  const reads = Array.from({ length: 12 }, () => request(server, "GET", "/api/messages/", { bearer: alice.bearer }));
  await holder.isAwaitedBy(1);
  await installation.rows(TERMINATE, applicationName);
  await holder.isAwaitedBy(1);
  await holder.release();
  for (const { status, text } of await Promise.all(reads)) assert.equal(status, 200, text);
});

test(
  "a write whose connection is ended is answered 503, not done, and done when it is repeated",
  CONNECTIONS,
  async () => {
    await using installation = await install();
    const { server, applicationName, rows } = installation;
    const { alice, bob, conversation } = await meet(server);
    const client = await installation.connect();
    const holder = await lockConversation(client, conversation);
    const message = { message_body: "hello", client_id: "once" };
    const send = () => sendMessage(server, bob, conversation, message);
    const rename = () =>
      request(server, "PUT", `/api/conversations/${conversation}/`, {
        bearer: alice.bearer,
        json: { participants: [alice.user_id] },
      });
    const writes = [send(), rename()];
    await holder.isAwaitedBy(2);
    await installation.rows(TERMINATE, applicationName);
    for (const answer of await Promise.all(writes)) assertPutOff(answer);
    await holder.release();
    assert.deepEqual(await rows("select seq from messages where conversation_id = $1", conversation), []);

    assert.equal((await send()).status, 201);
    assert.equal((await rename()).status, 200);
    assert.equal((await rows("select 1 from messages where conversation_id = $1", conversation)).length, 1);
  },
);

test(
  "writes after their idle connections were ended are done or answered 503, and done from then on",
  CONNECTIONS,
  async () => {
    await using installation = await install();
    const { server, applicationName, rows } = installation;
    const { bob, conversation } = await meet(server);
    let sent = 0;
    for (let round = 0; round < 10; round++) {
      await installation.rows(TERMINATE, applicationName);
      const sends = Array.from({ length: 6 }, (_, index) =>
        sendMessage(server, bob, conversation, { message_body: "hello", client_id: `${round}-${index}` }),
      );
      for (const answer of await Promise.all(sends)) {
        if (answer.status === 201) sent += 1;
        else assertPutOff(answer);
      }
    }
    assert.equal((await rows("select 1 from messages where conversation_id = $1", conversation)).length, sent);
    assert.equal((await sendMessage(server, bob, conversation, { message_body: "again" })).status, 201);
  },
);

test("while PostgreSQL cannot be reached every request is answered 503, and then as ever", CONNECTIONS, async () => {
  await using proxy = await openProxy();
  await using installation = await install({ by: proxy });
  const { server } = installation;
  const { alice, bob, conversation } = await meet(server);
  await server.setPassword(alice.username, PASSWORD);
  const { sessionid } = await logIn(server, alice.username);
  const { bearer } = alice;
  const send = () => sendMessage(server, alice, conversation, { message_body: "hello" });
  const [edited, erased] = [messageOf(await send()), messageOf(await send())];
  const token = foreignRefreshToken(bob.user_id);
  const path = `/api/conversations/${conversation}/`;
  const credentials = { username: alice.username, password: PASSWORD };
  const participants = [alice.user_id, bob.user_id];

  const requests: Record<string, () => Promise<Answer>> = {
    "a page of conversations": () => request(server, "GET", "/api/conversations/", { bearer }),
    "a page of messages": () => request(server, "GET", "/api/messages/", { bearer }),
    "a search": () => request(server, "GET", "/api/messages/?search=hello", { bearer }),
    "a read with a session": () => request(server, "GET", path, { cookies: { sessionid } }),
    "a send": send,
    "a new conversation": () => request(server, "POST", "/api/conversations/", { bearer, json: { participants } }),
    "a change of participants": () => request(server, "PUT", path, { bearer, json: { participants } }),
    "an edit": () =>
      request(server, "PATCH", `/api/messages/${edited}/`, { bearer, json: { message_body: "changed" } }),
    "a login": () => request(server, "POST", "/api/token/", { json: credentials }),
    "a refresh": () => refresh(server, token),
    "a deletion": () => request(server, "DELETE", `/api/messages/${erased}/`, { bearer }),
  };
  const answers = () => Promise.all(Object.entries(requests).map(async ([what, ask]) => [what, await ask()] as const));

  proxy.refuse();
  for (let round = 0; round < 3; round++) {
    for (const [what, answer] of await answers()) assertPutOff(answer, what);
  }
  proxy.restore();
  for (const [what, { status, text }] of await answers()) assert.ok(status < 300, `${what}: ${status} ${text}`);
});
