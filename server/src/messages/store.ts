import { Message, PARTICIPANT_ROLES } from "@earshot/protocol";
import Type from "typebox";

import { statement } from "../db/statement.ts";
import { limited } from "../db/limit.ts";
import type { Words } from "../db/words.ts";
import { messageArray, messageObject } from "./json.ts";

const MessageList = Type.Array(Message);

export type Direction = "asc" | "desc";

const memberships = `participants p where p.user_id = $caller and p.left_at is null`;
const live = `m.deleted_at is null`;

/** One message of the caller's, with what the policies ask about it. */
export const findMessage = statement({
  name: "messages.find",
  params: { caller: "text", message: "text" },
  row: {
    message_id: "text",
    conversation_id: "text",
    sender_id: "text",
    message_body: "text",
    seq: "integer",
    membership: { oneOf: PARTICIPANT_ROLES },
    json: { json: Message },
  },
  sql: (words) => `
    select m.message_id, m.conversation_id, m.sender_id, m.message_body, m.seq, p.role as membership,
      ${messageObject(words, "m", "u")} as json
    from messages m
    join participants p on p.conversation_id = m.conversation_id and p.user_id = $caller and p.left_at is null
    join users u on u.user_id = m.sender_id
    where m.message_id = $message and ${live}`,
});

/** Takes the write lock of the conversation that a message of the caller's is in, until the transaction ends. */
export const lockConversationOf = statement({
  name: "messages.lockConversation",
  params: { caller: "text", message: "text" },
  row: { conversation_id: "text" },
  sql: (words) => `
    select c.conversation_id from messages m
    join participants p on p.conversation_id = m.conversation_id and p.user_id = $caller and p.left_at is null
    join conversations c on c.conversation_id = m.conversation_id
    where m.message_id = $message and ${live}
    ${words.forUpdate("c")}`,
});

/** A page of one conversation's history by number; no row for whoever takes no part in it. */
const historyPage = (direction: Direction) =>
  statement({
    name: `messages.historyPage.${direction}`,
    params: { caller: "text", conversation: "text", limit: "integer", offset: "integer" },
    row: { count: "integer", results: { json: MessageList } },
    sql: (words) => `
      select c.message_count as count, (
        ${messageArray(words, {
          rows: `select * from messages m where m.conversation_id = c.conversation_id and ${live}`,
          order: `m.seq ${direction}`,
          limit: limited("$limit", "$offset"),
        })}
      ) as results
      from participants p
      join conversations c on c.conversation_id = p.conversation_id
      where p.conversation_id = $conversation and p.user_id = $caller and p.left_at is null`,
  });
export const historyPages = { asc: historyPage("asc"), desc: historyPage("desc") };

/**
 * Messages of one conversation below one position and from another on; no row for whoever takes no part in it. Whether there
 * are more is asked in order: for a bare `exists` PostgreSQL may read all messages, thinking that most of them will do.
 */
export const historyAround = statement({
  name: "messages.historyAround",
  params: {
    caller: "text",
    conversation: "text",
    below: "integer",
    below_limit: "integer",
    from: "integer",
    from_limit: "integer",
  },
  row: {
    count: "integer",
    first_seq: "integer?",
    last_seq: "integer?",
    more_before: "integer",
    more_after: "integer",
    results: { json: MessageList },
  },
  sql: (words) => `
    with membership as (
      select conversation_id from participants p
      where p.conversation_id = $conversation and p.user_id = $caller and p.left_at is null
    ), chosen as (
      select * from (
        select * from messages m
        where m.conversation_id = (select conversation_id from membership) and ${live} and m.seq < $below
        order by m.seq desc ${limited("$below_limit")}
      ) before
      union all
      select * from (
        select * from messages m
        where m.conversation_id = (select conversation_id from membership) and ${live} and m.seq >= $from
        order by m.seq ${limited("$from_limit")}
      ) after
    ), ends as (select min(seq) as first_seq, max(seq) as last_seq from chosen)
    select c.message_count as count, ends.first_seq, ends.last_seq,
      case when (
        select m.seq from messages m
        where m.conversation_id = c.conversation_id and ${live} and m.seq < coalesce(ends.first_seq, $below)
        order by m.seq desc limit 1
      ) is null then 0 else 1 end as more_before,
      case when (
        select m.seq from messages m
        where m.conversation_id = c.conversation_id and ${live} and m.seq > coalesce(ends.last_seq, $from - 1)
        order by m.seq limit 1
      ) is null then 0 else 1 end as more_after,
      (${messageArray(words, { rows: "select * from chosen m", order: "m.seq" })}) as results
    from membership
    join conversations c on c.conversation_id = membership.conversation_id
    cross join ends`,
});

/**
 * A page over all conversations of the caller. From each conversation only as many messages are looked at as the page can
 * reach: the cost follows the number of conversations and how far down the page is, not the number of messages.
 * @param depth deep pages run where nobody waits for them
 */
const everyPage = (direction: Direction, depth: "shallow" | "deep") =>
  statement({
    name: `messages.everyPage.${direction}.${depth}`,
    slow: depth === "deep",
    params: { caller: "text", reach: "integer", limit: "integer", offset: "integer" },
    row: { count: "integer", results: { json: MessageList } },
    sql: (words) => `
      select (
        select cast(coalesce(sum(c.message_count), 0) as bigint)
        from conversations c where c.conversation_id in (select p.conversation_id from ${memberships})
      ) as count, (
        ${messageArray(words, {
          rows: `
            select m.* from (select p.conversation_id from ${memberships}) p
            ${words.joinFirst({
              table: "messages",
              alias: "m",
              where: (m) => `${m}.conversation_id = p.conversation_id and ${m}.deleted_at is null`,
              by: "seq",
              direction,
              count: "$reach",
            })}`,
          order: `m.sent_at ${direction}, m.message_id ${direction}`,
          limit: limited("$limit", "$offset"),
        })}
      ) as results`,
  });
export const everyPages = {
  shallow: { asc: everyPage("asc", "shallow"), desc: everyPage("desc", "shallow") },
  deep: { asc: everyPage("asc", "deep"), desc: everyPage("desc", "deep") },
};

const filtered = (words: Words) => `
  (select p.conversation_id from ${memberships}
    and (cast($conversation as text) is null or p.conversation_id = $conversation)
    and (cast($participant as text) is null or ${words.existsForEach(`
      select 1 from participants q
      where q.conversation_id = p.conversation_id and q.user_id = $participant and q.left_at is null`)})
  ) p
  join messages m on m.conversation_id = p.conversation_id and ${live}
  where (cast($sender as text) is null or m.sender_id = $sender)
    and m.sent_at >= $sent_from and m.sent_at <= $sent_to
    and not exists (select 1 from ${words.each("$patterns")} t where not (${words.like("m.message_body", "t.value")}))`;

/** A page of the caller's messages that fit every filter; null and the widest values filter nothing. */
const filteredPage = (direction: Direction) =>
  statement({
    name: `messages.filteredPage.${direction}`,
    slow: true,
    params: {
      caller: "text",
      conversation: "text?",
      participant: "text?",
      sender: "text?",
      sent_from: "text",
      sent_to: "text",
      patterns: "text",
      limit: "integer",
      offset: "integer",
    },
    row: { count: "integer", results: { json: MessageList } },
    sql: (words) => `
      select (select count(*) from ${filtered(words)}) as count, (
        ${messageArray(words, {
          rows: `select m.* from ${filtered(words)}`,
          order: `m.sent_at ${direction}, m.message_id ${direction}`,
          limit: limited("$limit", "$offset"),
        })}
      ) as results`,
  });
export const filteredPages = { asc: filteredPage("asc"), desc: filteredPage("desc") };

/** What became of an earlier send under the same `client_id`; no row for whoever takes no part any more. */
export const findSent = statement({
  name: "messages.findSent",
  params: { caller: "text", conversation: "text", client_id: "text" },
  row: { message_id: "text", payload_hash: "text?", deleted_at: "text?" },
  sql: () => `
    select message_id, payload_hash, deleted_at from messages
    where sender_id = $caller and conversation_id = $conversation and client_id = $client_id and exists (
      select 1 from participants p
      where p.conversation_id = messages.conversation_id and p.user_id = $caller and p.left_at is null
    )`,
});

export const insertMessage = statement({
  name: "messages.insert",
  params: {
    message: "text",
    conversation: "text",
    caller: "text",
    seq: "integer",
    client_id: "text?",
    payload_hash: "text?",
    message_body: "text",
    sent_at: "text",
  },
  row: {},
  sql: () => `
    insert into messages
      (message_id, conversation_id, sender_id, seq, changed_seq, client_id, payload_hash, message_body, sent_at)
    values ($message, $conversation, $caller, $seq, $seq, $client_id, $payload_hash, $message_body, $sent_at)`,
});

export const changeMessage = statement({
  name: "messages.change",
  params: { message: "text", seq: "integer", message_body: "text", now: "text" },
  row: {},
  sql: () => `
    update messages set message_body = $message_body, changed_seq = $seq, edited_at = $now where message_id = $message`,
});

/** Leaves of a message only that it was there: its place, its sender and the change that took it away. */
export const eraseMessage = statement({
  name: "messages.erase",
  params: { message: "text", seq: "integer", now: "text" },
  row: {},
  sql: () => `
    update messages set message_body = '', payload_hash = null, changed_seq = $seq, deleted_at = $now
    where message_id = $message`,
});

/** Whether a message is still there. */
export const messageExists = statement({
  name: "messages.exists",
  params: { message: "text" },
  row: { message_id: "text" },
  sql: () => `select m.message_id from messages m where m.message_id = $message and ${live}`,
});

/** Some of what someone wrote, in whatever conversation. */
export const messagesOf = statement({
  name: "messages.of",
  params: { user: "text", limit: "integer" },
  row: { message_id: "text", conversation_id: "text", sender_id: "text", seq: "integer" },
  slow: true,
  sql: () => `
    select m.message_id, m.conversation_id, m.sender_id, m.seq
    from participants p cross join messages m
    where p.user_id = $user and m.conversation_id = p.conversation_id and m.sender_id = p.user_id and ${live}
    ${limited("$limit")}`,
});
