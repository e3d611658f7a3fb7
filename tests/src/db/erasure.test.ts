import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";

import { sqliteOnly } from "../support/databases.ts";
import { startServer } from "../support/server.ts";

const SECRET = "the-body-that-must-be-gone";
const authorize = () => {};
const confirmed = Promise.resolve();
const absent = () => new Error("no such conversation");

const option = sqliteOnly("PostgreSQL overwrites what is erased when it vacuums the table");

test("an erased message is not in the database's file any more", option, async () => {
  const server = await startServer();
  after(() => server.close());
  const { conversations, messages, config } = server.context;
  const { user_id } = await server.createUser({ username: "ada", password: "difference-Engine-1" });
  const caller = { user_id, username: "ada", is_superuser: false };
  const { conversation_id } = JSON.parse(await conversations.create(caller, { participants: [user_id] }, 0));
  const send = async (message_body: string) =>
    JSON.parse(await messages.send(caller, conversation_id, { message_body }, { authorize, absent, confirmed }));
  await send("before");
  const { message_id } = await send(SECRET);
  await send("after");
  const file = config.databaseUrl.replace(/^sqlite:/, "");
  const contents = async () => {
    await server.database.rows("pragma wal_checkpoint(truncate)");
    return readFile(file);
  };

  await new Promise(setImmediate);
  assert.ok((await contents()).includes(SECRET), "the message was in the file");
  await messages.erase(caller, { message: message_id }, () => {});
  await new Promise(setImmediate);
  assert.ok(!(await contents()).includes(SECRET));
});
