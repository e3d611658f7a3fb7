import assert from "node:assert/strict";
import { after, test } from "node:test";

import { createDataFolder, type DataFolder } from "../support/child-server.ts";
import { engine } from "../support/databases.ts";
import { openConversation } from "../support/http.ts";
import { accessToken } from "../support/tokens.ts";
import { type Send, sendAll, type Sent } from "./sender.ts";

/** Fewer on PostgreSQL, which takes them a few at a time. */
const SENDS = engine === "sqlite" ? 20_000 : 6000;
const CONVERSATIONS = 4;
const CONNECTIONS = 200;
/** After so many answers the server is killed. */
const KILLED_AFTER = SENDS * 0.4;
/** Answered sends that are repeated after the restart beside the unanswered ones. */
const REPEATED = 500;

test("killed in the middle of many sends, the server has lost nothing it answered, and repeats harm nothing", async () => {
  const folder = await createDataFolder(["alice", "bob"]);
  const bearers = folder.ids.map(accessToken);
  const first = await folder.start();
  after(async () => {
    await first.kill();
    await folder.remove();
  });
  const sends = await prepareSends(first.host, bearers, folder.ids);

  const answered = new Map<string, Sent>();
  const places = new Map<string, number>();
  let killed: Promise<void> | undefined;
  await sendAll(first.host, sends, CONNECTIONS, ({ client_id, conversation }, sent, connection) => {
    answered.set(client_id, sent);
    const key = `${connection} ${conversation}`;
    assert.ok(sent.seq > (places.get(key) ?? 0), "what is sent after an answer comes after it");
    places.set(key, sent.seq);
    if (answered.size === KILLED_AFTER) killed = first.kill();
  });
  await killed;
  assert.ok(answered.size >= KILLED_AFTER && answered.size < SENDS, `${answered.size} were answered`);

  const second = await folder.start();
  after(() => second.kill());
  const kept = await assertKept(folder, answered);
  assert.ok(kept < SENDS, "the server was killed before the end");

  const unanswered = sends.filter(({ client_id }) => !answered.has(client_id));
  const again = sends.filter(({ client_id }) => answered.has(client_id)).slice(0, REPEATED);
  let repeated = 0;
  await sendAll(second.host, [...again, ...unanswered], CONNECTIONS, ({ client_id }, sent) => {
    const earlier = answered.get(client_id);
    if (earlier === undefined) answered.set(client_id, sent);
    else {
      assert.deepEqual(sent, earlier, "a repeated send is answered as the first was");
      repeated++;
    }
  });
  assert.equal(repeated, REPEATED);
  assert.equal(answered.size, SENDS);
  assert.equal(await assertKept(folder, answered), SENDS);
  await second.kill();
  if (engine === "sqlite") {
    const [check] = await folder.database.rows("pragma integrity_check");
    assert.equal(check?.["integrity_check"], "ok");
  }
});

async function prepareSends(host: string, bearers: readonly string[], ids: readonly string[]): Promise<Send[]> {
  const [bearer = "", ...others] = bearers;
  const conversations: string[] = [];
  while (conversations.length < CONVERSATIONS)
    conversations.push(await openConversation({ host }, bearer, ids.slice(1)));
  const senders = [bearer, ...others];
  return Array.from({ length: SENDS }, (_, number) => ({
    conversation: conversations[number % CONVERSATIONS] ?? "",
    bearer: senders[Math.floor(number / CONVERSATIONS) % senders.length] ?? "",
    client_id: `send-${number}`,
  }));
}

/**
 * That every answered message is there once and where its answer said, and that all messages of a conversation have the
 * places from its creation on without a hole, in the order of their times, and are counted.
 * @returns how many messages are there
 */
async function assertKept({ database }: DataFolder, answered: ReadonlyMap<string, Sent>): Promise<number> {
  const rows = await database.rows(
    "select message_id, conversation_id, client_id, seq, sent_at from messages order by seq",
  );
  const byClientId = new Map(rows.map((row) => [row["client_id"], row]));
  assert.equal(byClientId.size, rows.length, "no message is there twice");
  for (const [client_id, sent] of answered) {
    const row = byClientId.get(client_id);
    assert.ok(row !== undefined, `${client_id} was answered and is lost`);
    assert.deepEqual({ message_id: row["message_id"], seq: row["seq"] }, sent);
  }
  const conversations = await database.rows(`
    select c.conversation_id, c.seq, c.message_count,
      (select sum(p.sent_count) from participants p where p.conversation_id = c.conversation_id) as sent_count
    from conversations c`);
  assert.equal(conversations.length, CONVERSATIONS);
  for (const { conversation_id, seq, message_count, sent_count } of conversations) {
    const here = rows.filter((row) => row["conversation_id"] === conversation_id);
    // The conversation itself took the first place.
    assert.deepEqual(
      here.map((row) => row["seq"]),
      here.map((_, index) => index + 2),
    );
    assert.deepEqual([seq, message_count, sent_count], [here.length + 1, here.length, here.length]);
    const times = here.map((row) => String(row["sent_at"]));
    assert.deepEqual(times, times.toSorted());
  }
  return rows.length;
}
