import assert from "node:assert/strict";

import { numberMember, parseJson } from "../contract/json.ts";
import { request } from "../support/http.ts";
import type { CrashingPostgres } from "./crashing-postgres.ts";
import type { Installation } from "./installation.ts";
import type { Acknowledged } from "./journal.ts";
import { KILLED, type Played } from "./schedule.ts";

/** After a crash the servers may answer 503 for so long beyond the moment PostgreSQL is back: they connect anew. */
const RECOVERY_MS = 5000;
/** How much later than it happened a client may notice something, in milliseconds: 200 of them share a process. */
const LATE_MS = 1000;

/** That clients met nothing but 503 while the database was away, and broken connections from the killed server. */
export function assertOnlyOutages({ journal, server, database }: Played): void {
  const unforeseen = journal.troubles.filter(({ what, at, place, retryAfter }) => {
    if (what === 503) return retryAfter === undefined || at < database.from || at > database.until + RECOVERY_MS;
    const isBroken = typeof what === "string" && what !== "DEADLINE";
    return !(isBroken && place === KILLED && at >= server.from && at <= server.until + LATE_MS);
  });
  const told = unforeseen.map(({ what, at, place, body }) => ({
    what,
    place,
    sinceKillMs: Math.round(at - server.from),
    sinceCrashMs: Math.round(at - database.from),
    body: body.slice(0, 200),
  }));
  assert.deepEqual(told.slice(0, 20), [], `${told.length} answers that no outage explains`);
}

/** That both disturbances were felt, and that one server alone went on while the other was away. */
export function assertDisturbed({ journal, server }: Played): void {
  const { acknowledged, troubles } = journal;
  assert.ok(
    troubles.some(({ what }) => typeof what === "string"),
    "no connection broke",
  );
  assert.ok(
    troubles.some(({ what }) => what === 503),
    "nobody was answered 503",
  );
  assert.ok(
    acknowledged.some(({ place, at }) => place !== KILLED && at > server.from && at < server.until),
    "one server alone took nothing",
  );
}

/**
 * That the database holds what was acknowledged, each once and as acknowledged, and nothing else; that every conversation's
 * messages have the places from its creation on without a hole, in the order of their times, and are counted.
 */
export async function assertKept(
  postgres: CrashingPostgres,
  { conversations }: Installation,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const rows = await postgres.rows(`
    select message_id, conversation_id, sender_id, seq, client_id, message_body, sent_at from messages order by seq`);
  const ids = acknowledged.map(({ client_id }) => client_id);
  assert.equal(new Set(ids).size, ids.length);
  const byClientId = new Map(rows.map((row) => [row["client_id"], row]));
  assert.equal(byClientId.size, rows.length, "no message is there twice");
  for (const { client_id, message_id, conversation, sender, seq, message_body } of acknowledged) {
    const row = byClientId.get(client_id);
    assert.ok(row !== undefined, `${client_id} was acknowledged and is lost`);
    const { sent_at: _, ...kept } = row;
    assert.deepEqual(
      { ...kept, seq: Number(kept["seq"]) },
      { message_id, conversation_id: conversation, sender_id: sender, seq, client_id, message_body },
    );
  }
  assert.equal(rows.length, acknowledged.length, "nothing is there that was never acknowledged");

  const counted = await postgres.rows(`
    select c.conversation_id, c.seq, c.message_count,
      (select sum(p.sent_count) from participants p where p.conversation_id = c.conversation_id) as sent_count
    from conversations c`);
  assert.equal(counted.length, conversations.length);
  const byConversation = Map.groupBy(rows, (row) => row["conversation_id"]);
  for (const { conversation_id, seq, message_count, sent_count } of counted) {
    const here = byConversation.get(conversation_id) ?? [];
    assert.ok(here.length > 0, "a conversation nobody sent to");
    // The conversation itself took the first place.
    assert.deepEqual(
      here.map((row) => Number(row["seq"])),
      here.map((_, index) => index + 2),
    );
    assert.deepEqual([seq, message_count, sent_count].map(Number), [here.length + 1, here.length, here.length]);
    const times = here.map((row) => String(row["sent_at"]));
    assert.deepEqual(times, times.toSorted(), "a message is dated before the one it follows");
  }
}

/** That both servers answer every member with the same, and count right what was sent and what is unread. */
export async function assertBothCount(
  { urls, members }: Installation,
  acknowledged: readonly Acknowledged[],
): Promise<void> {
  const inAll = countBy(acknowledged, ({ conversation }) => conversation);
  const own = countBy(acknowledged, ({ conversation, sender }) => `${conversation} ${sender}`);
  for (const { user_id, bearer, conversations } of members) {
    for (const conversation of conversations) {
      const path = `/api/conversations/${conversation}/`;
      const answers = await Promise.all(
        urls.map((url) => request({ host: new URL(url).host }, "GET", path, { bearer })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200],
      );
      const [json, other] = answers.map(({ text }) => parseJson(text));
      assert.deepEqual(json, other);
      const count = inAll.get(conversation) ?? 0;
      assert.equal(numberMember(json, "message_count"), count);
      assert.equal(numberMember(json, "unread_count"), count - (own.get(`${conversation} ${user_id}`) ?? 0));
    }
  }
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
