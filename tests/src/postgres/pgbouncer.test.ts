import assert from "node:assert/strict";
import { test } from "node:test";

import { listMember, numberMember, textMember } from "../contract/json.ts";
import { engine } from "../support/databases.ts";
import { request } from "../support/http.ts";
import { foreignRefreshToken, pairOf, refresh } from "../support/tokens.ts";
import { changesOf, meet, messageOf, sendMessage, setParticipants } from "./conversation.ts";
import { install } from "./installation.ts";
import { openPooler, whyNoPooler } from "./pooler.ts";

const POOLER = {
  skip: engine === "postgres" ? (whyNoPooler() ?? false) : "PostgreSQL only: a pooler stands before the database",
};

const CLIENTS = 20;
const EACH = 25;

test("two servers behind pgbouncer in transaction mode do all they do without", POOLER, async () => {
  await using pooler = openPooler();
  const settings = { DATABASE_POOLER: "transaction" } as const;
  await using installation = await install({ by: pooler, settings });
  const { server, rows } = installation;
  const other = await installation.startAnother();
  const { alice, bob, carol, conversation } = await meet(server);
  const path = `/api/conversations/${conversation}/messages/`;

  // Sends, and reads beside them, through connections that all share.
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    const [one, sender] = client % 2 === 0 ? [server, alice] : [other, bob];
    for (let number = 0; number < EACH; number++) {
      const message_body = `${client}: ${number}`;
      const sent = await sendMessage(one, sender, conversation, { message_body, client_id: message_body });
      assert.equal(sent.status, 201, sent.text);
      assert.equal(textMember(sent.json, "message_body"), message_body);
      const found = await request(other, "GET", `/api/messages/${messageOf(sent)}/`, { bearer: sender.bearer });
      assert.deepEqual(found.json, sent.json);
    }
  });
  await Promise.all(clients);
  const { last, messages } = await changesOf(installation, conversation);
  assert.equal(last, 1 + CLIENTS * EACH);
  assert.deepEqual(
    messages.map(({ seq }) => seq),
    messages.map((_, index) => index + 2),
  );

  // Pages and searches.
  const [page, search] = await Promise.all([
    request(server, "GET", `${path}?page_size=50`, { bearer: alice.bearer }),
    request(other, "GET", "/api/messages/?search=7:", { bearer: bob.bearer }),
  ]);
  assert.equal(numberMember(page.json, "count"), CLIENTS * EACH);
  assert.equal(listMember(page.json, "results").length, 50);
  assert.equal(search.status, 200, search.text);

  // Transactions: a race for one token, a change, an erasing.
  const { refresh: token } = pairOf(await refresh(server, foreignRefreshToken(alice.user_id)));
  const refreshes = Array.from({ length: 20 }, (_, index) => refresh(index % 2 === 0 ? server : other, token));
  const statuses = (await Promise.all(refreshes)).map(({ status }) => status);
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.length], [1, 20]);
  assert.equal((await setParticipants(other, alice, conversation, [alice, bob, carol])).status, 200);
  await server.deleteUser(bob.username);
  assert.deepEqual(await rows("select 1 from messages where sender_id = $1 and message_body <> ''", bob.user_id), []);
  const left = await request(other, "GET", path, { bearer: alice.bearer });
  assert.equal(numberMember(left.json, "count"), (CLIENTS * EACH) / 2);

  for (const { logged } of [server, other]) assert.deepEqual(logged, []);
  const open = await rows("select 1 from pg_stat_activity where application_name = $1", installation.applicationName);
  assert.ok(open.length > 0 && open.length <= pooler.connections, `${open.length} connections`);
});
