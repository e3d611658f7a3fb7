import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";

import { Client } from "pg";

import {
  conversationPages,
  filteredConversationPages,
  findConversation,
} from "../../../server/src/conversations/store.ts";
import { migrate } from "../../../server/src/db/migrate.ts";
import { postgresWords } from "../../../server/src/db/postgres/words.ts";
import { compile, type Statement } from "../../../server/src/db/statement.ts";
import { sendAtOnce } from "../../../server/src/messages/at-once-store.ts";
import {
  everyPages,
  findMessage,
  findSent,
  historyAround,
  historyPages,
  lockConversationOf,
} from "../../../server/src/messages/store.ts";
import { createEmptyDatabase } from "../support/empty-database.ts";
import { engine, postgresOnly } from "../support/databases.ts";

/** What every request of a common kind reads. */
const HOT: readonly Statement[] = [
  findMessage,
  historyAround,
  findConversation,
  sendAtOnce,
  findSent,
  lockConversationOf,
  ...[historyPages, everyPages.shallow, conversationPages, filteredConversationPages].flatMap(Object.values),
];

const VALUES: Readonly<Record<string, string | number>> = {
  caller: "user 1",
  conversation: "conversation",
  message: "message 7",
  messages: 20,
  limit: 20,
  offset: 0,
  reach: 19,
  below: 100,
  below_limit: 10,
  from: 100,
  from_limit: 10,
  participant: "user 2",
  patterns: '["%user%"]',
  created_from: "",
  created_to: "9",
  roles: '["member"]',
  client_id: "client's own",
  payload_hash: "hash",
  message_body: "hello",
  now: "",
};

/**
 * A small installation after a while: PostgreSQL has looked at the many messages by itself, and never at tables with fewer
 * than 50 rows, of which it then thinks what it likes.
 */
const SMALL_INSTALLATION = `
  insert into users (user_id, username, created_at, password) select 'user ' || i, 'user ' || i, '', '!' from generate_series(1, 6) i;
  insert into conversations (conversation_id, seq, message_count, created_at) values ('conversation', 20001, 20000, '');
  insert into participants (conversation_id, user_id, role, joined_at, conversation_created_at, changed_seq)
    select 'conversation', 'user ' || i, 'member', '', '', 1 from generate_series(1, 2) i;
  insert into messages (message_id, conversation_id, sender_id, seq, changed_seq, message_body, sent_at)
    select 'message ' || i, 'conversation', 'user ' || (i % 2 + 1), i + 1, i + 1, 'hello', lpad(i::text, 6, '0')
    from generate_series(1, 20000) i;
  analyze messages`;

const { config, open } = await createEmptyDatabase();

suite("no common request reads all messages, whatever PostgreSQL knows of the other tables", () => {
  let client: Client | undefined;

  before(async () => {
    if (engine !== "postgres") return;
    const database = open();
    await migrate(database, "2026-01-01T00:00:00.000000Z");
    await database.close();
    client = new Client(config.databaseUrl);
    await client.connect();
    await client.query(SMALL_INSTALLATION);
  });
  after(() => client?.end());

  for (const mode of ["force_custom_plan", "force_generic_plan"]) {
    for (const statement of HOT) {
      test(`${statement.name}, ${mode}`, postgresOnly("about its planner"), async () => {
        assert.ok(client !== undefined);
        await client.query(`set plan_cache_mode = ${mode}`);
        const { sql, names } = compile(statement, postgresWords);
        const values = names.map((name) => VALUES[name] ?? assert.fail(`no value for ${name}`));
        const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${sql}`, values);
        const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
        assert.match(plan, /Index/);
        assert.doesNotMatch(plan, /Seq Scan on messages|hashed SubPlan/);
      });
    }
  }
});
