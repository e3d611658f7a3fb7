import { Message } from "@earshot/protocol";

import { statement } from "../db/statement.ts";
import { messageObject } from "./json.ts";

/**
 * A whole send in one statement, for the plain case: an active caller who may send there, and a `client_id` not used before.
 * Its parts depend on each other in this order: the conversation's write lock, the sender's place in it as it is after that
 * lock, the next `seq`, the message. No row, and nothing changed, in every other case.
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
  row: { json: { json: Message } },
  sql: (words) => `
    with locked as (
      select c.conversation_id from conversations c
      where c.conversation_id = $conversation and exists (
        select 1 from users u where u.user_id = $caller and u.is_active = 1 and u.deleted_at is null
      ) and (cast($client_id as text) is null or not exists (
        select 1 from messages s
        where s.sender_id = $caller and s.conversation_id = $conversation and s.client_id = $client_id
      ))
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
      returning message_id, conversation_id, sender_id, seq, client_id, message_body, sent_at
    )
    select ${messageObject(words, "m", "u")} as json from m join users u on u.user_id = m.sender_id`,
});
