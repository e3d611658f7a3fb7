import { Message } from "@earshot/protocol";

import { statement } from "../db/statement.ts";
import { messageObject } from "./json.ts";

/**
 * A whole send in one statement, for the plain cases: an active caller who may send there, and a `client_id` that is new
 * (`is_new` is 1) or was used there before (then it answers what was sent). Its parts depend on each other in this order: the
 * conversation's write lock, the sender's place in it as it is after that lock, the next `seq`, the message. No row, and
 * nothing changed, in every other case.
 */
export const sendAtOnce = statement({
  name: "messages.sendAtOnce",
  engine: "postgres",
  params: {
    caller: "text",
    conversation: "text",
    roles: "text",
    message: "text",
    client_id: "text?",
    payload_hash: "text?",
    message_body: "text",
    now: "text",
  },
  row: {
    is_new: "integer",
    message_id: "text",
    payload_hash: "text?",
    deleted_at: "text?",
    json: { json: Message },
  },
  sql: (words) => `
    with known as (
      select u.user_id from users u where u.user_id = $caller and u.is_active = 1 and u.deleted_at is null
    ), again as (
      select s.* from known
      join participants p on p.conversation_id = $conversation and p.user_id = known.user_id and p.left_at is null
      join messages s on s.sender_id = $caller and s.conversation_id = $conversation and s.client_id = $client_id
    ), locked as (
      select c.conversation_id from conversations c
      where c.conversation_id = $conversation and exists (select 1 from known) and not exists (select 1 from again)
      ${words.forUpdate("c")}
    ), counted as (
      update participants p set sent_count = p.sent_count + 1 from locked
      where p.conversation_id = locked.conversation_id and p.user_id = $caller and p.left_at is null
        and p.role in (select t.value from ${words.each("$roles")} t)
      returning p.conversation_id
    ), placed as (
      update conversations c set seq = c.seq + 1, message_count = c.message_count + 1,
        last_sent_at = case when c.last_sent_at > $now then c.last_sent_at else $now end
      from counted where c.conversation_id = counted.conversation_id
      returning c.conversation_id, c.seq, c.last_sent_at
    ), m as (
      insert into messages
        (message_id, conversation_id, sender_id, seq, changed_seq, client_id, payload_hash, message_body, sent_at)
      select $message, conversation_id, $caller, seq, seq, $client_id, $payload_hash, $message_body, last_sent_at
      from placed
      returning *
    ), said as (
      select 1 as is_new, m.* from m
      union all
      select 0 as is_new, again.* from again
    )
    select said.is_new, said.message_id, said.payload_hash, said.deleted_at, ${messageObject(words, "said", "u")} as json
    from said join users u on u.user_id = said.sender_id`,
});
