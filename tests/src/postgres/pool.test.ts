import assert from "node:assert/strict";
import { test } from "node:test";

import { postgresOnly } from "../support/databases.ts";
import { request } from "../support/http.ts";
import { foreignRefreshToken, refresh } from "../support/tokens.ts";
import { meet, sendMessage } from "./conversation.ts";
import { install } from "./installation.ts";
import { openProxy } from "./proxy.ts";

const POOL = postgresOnly("a server shares a few connections among its clients");

const CLIENTS = 200;

for (const size of [4, 10]) {
  test(
    `${CLIENTS} clients at once are served over at most ${size} connections, none of which keeps a transaction`,
    POOL,
    async () => {
      await using proxy = await openProxy();
      await using installation = await install({ by: proxy, settings: { DATABASE_POOL_SIZE: size } });
      const { server, applicationName, rows } = installation;
      const { alice, bob, conversation } = await meet(server);
      const { bearer } = alice;
      const participants = [bob.user_id];
      const requests = [
        () => request(server, "GET", "/api/conversations/", { bearer }),
        () => request(server, "GET", "/api/messages/?search=hello", { bearer }),
        () => sendMessage(server, alice, conversation, { message_body: "hello" }),
        () => request(server, "POST", "/api/conversations/", { bearer, json: { participants } }),
        () => refresh(server, foreignRefreshToken(bob.user_id)),
      ];
      const answers = await Promise.all(
        Array.from({ length: CLIENTS / requests.length }, () => requests.map((ask) => ask())).flat(),
      );
      for (const { status, text } of answers) assert.ok(status < 300, `${status} ${text}`);
      assert.ok(proxy.mostOpen > 1 && proxy.mostOpen <= size, `${proxy.mostOpen} connections`);

      const open = await rows("select state from pg_stat_activity where application_name = $1", applicationName);
      assert.ok(open.length > 1, `${open.length} are left`);
      for (const { state } of open) assert.equal(state, "idle");
    },
  );
}

/** How often a text goes to the database while 20 messages are sent. */
async function countWhileSending(text: string, settings: { readonly DATABASE_POOLER?: "transaction" } = {}) {
  await using proxy = await openProxy();
  await using installation = await install({ by: proxy, settings: { DATABASE_POOL_SIZE: 4, ...settings } });
  const { server } = installation;
  const { alice, conversation } = await meet(server);
  const count = proxy.count(text);
  for (let number = 0; number < 20; number++) {
    assert.equal((await sendMessage(server, alice, conversation, { message_body: `${number}` })).status, 201);
  }
  return count();
}

/** Stands in the text of the statement, and nowhere else. */
const TEXT_OF_SEND = "update participants p set sent_count";
const NAME_OF_SEND = "messages.sendAtOnce";

test("a statement's text goes to the database once a connection, and after that only its name", POOL, async () => {
  assert.equal(await countWhileSending(TEXT_OF_SEND), 1);
});

test("behind a pooler no statement has a name, for its connection may be another next time", POOL, async () => {
  const settings = { DATABASE_POOLER: "transaction" } as const;
  assert.equal(await countWhileSending(NAME_OF_SEND, settings), 0);
  assert.equal(await countWhileSending(TEXT_OF_SEND, settings), 20);
});
