import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { startServer, type TestServer } from "../support/server.ts";

const MESSAGES = 50_000;

suite("a search through a long history", () => {
  let server: TestServer;
  let authorization: string;

  before(async () => {
    server = await startServer();
    const { user_id } = await server.createUser({ username: "ada", password: "difference-Engine-1" });
    const caller = { user_id };
    const { conversations, clock } = server.context;
    const { conversation_id } = JSON.parse(await conversations.create(caller, { participants: [user_id] }, 0));
    const body = Array.from({ length: 20 }, () => "'note ' || seq || ' '").join(" || ");
    await server.database.rows(
      `with recursive places (seq) as (select 2 union all select seq + 1 from places where seq < ${MESSAGES})
       insert into messages (message_id, conversation_id, sender_id, seq, changed_seq, message_body, sent_at)
       select 'm' || seq, $1, $2, seq, seq, ${body}, $3 from places`,
      conversation_id,
      user_id,
      clock.moment(),
    );
    await server.database.rows("analyze");
    const response = await fetch(`${server.url}/api/token/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "ada", password: "difference-Engine-1" }),
    });
    authorization = `Bearer ${JSON.parse(await response.text()).access}`;
  });
  after(() => server.close());

  test("holds nobody else up", async () => {
    const order: string[] = [];
    const get = async (path: string) => {
      const response = await fetch(`${server.url}${path}`, { headers: { authorization } });
      await response.text();
      order.push(path);
      return response.status;
    };
    // The first answer of a server is slower than those after it.
    await get("/api/messages/?page_size=1");
    // Every message has the first words and none the last, so each is looked at for all of them.
    const long = `/api/messages/?search=${"note+".repeat(9)}nowhere`;
    const search = get(long);
    const others = Promise.all(Array.from({ length: 20 }, () => get("/api/messages/?page_size=1")));
    assert.deepEqual(new Set(await others), new Set([200]));
    assert.equal(await search, 200);
    assert.equal(order.at(-1), long, "the others were answered before the search was done");
  });

  test("finds what was sent just before", async () => {
    const response = await fetch(`${server.url}/api/messages/?search=note%20777%20`, { headers: { authorization } });
    const { count } = JSON.parse(await response.text());
    assert.ok(count >= 1);
  });

  test("that too many ask for at once is refused, and works again afterwards", async () => {
    const search = async () => {
      const response = await fetch(`${server.url}/api/messages/?search=nowhere`, { headers: { authorization } });
      await response.text();
      return { status: response.status, retryAfter: response.headers.get("retry-after") };
    };
    const answers = await Promise.all(Array.from({ length: 80 }, search));
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(refused.length > 0);
    assert.ok(refused.every(({ status, retryAfter }) => status === 503 && retryAfter === "1"));
    // The thread of searches that took too long may be ending still.
    let { status } = await search();
    for (let attempt = 0; status === 503 && attempt < 20; attempt++) {
      await delay(1000);
      ({ status } = await search());
    }
    assert.equal(status, 200);
  });
});
