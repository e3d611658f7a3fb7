import { Conversation, PARTICIPANT_ROLES } from "@earshot/protocol";
import Type from "typebox";

import { statement } from "../db/statement.ts";
import { limited } from "../db/limit.ts";
import type { Words } from "../db/words.ts";
import { conversationObject } from "./json.ts";

const ConversationList = Type.Array(Conversation);

export type Direction = "asc" | "desc";

/** One conversation of the caller's, with what the policies ask about it. */
export const findConversation = statement({
  name: "conversations.find",
  params: { caller: "text", conversation: "text", messages: "integer" },
  row: { conversation_id: "text", membership: { oneOf: PARTICIPANT_ROLES }, json: { json: Conversation } },
  sql: (words) => `
    select c.conversation_id, p.role as membership, ${conversationObject(words, "c", "p")} as json
    from participants p join conversations c on c.conversation_id = p.conversation_id
    where p.conversation_id = $conversation and p.user_id = $caller and p.left_at is null`,
});

/** Whether there is such a conversation, whoever asks. */
export const conversationExists = statement({
  name: "conversations.exists",
  params: { conversation: "text" },
  row: { conversation_id: "text" },
  sql: () => `select conversation_id from conversations where conversation_id = $conversation and deleted_at is null`,
});

const order = (alias: string, direction: Direction) =>
  `${alias}.conversation_created_at ${direction}, ${alias}.conversation_id ${direction === "asc" ? "desc" : "asc"}`;

/** A select of conversations as one JSON array, out of the caller's `rows` of participants. */
const conversationArray = (words: Words, rows: string, direction: Direction) => `
  select ${words.orderedArray(conversationObject(words, "c", "p"), order("p", direction))}
  from (select * from ${rows} order by ${order("p", direction)} ${limited("$limit", "$offset")}) p
  cross join conversations c where c.conversation_id = p.conversation_id`;

/** A page of the caller's conversations. */
const page = (direction: Direction) =>
  statement({
    name: `conversations.page.${direction}`,
    params: { caller: "text", messages: "integer", limit: "integer", offset: "integer" },
    row: { count: "integer", results: { json: ConversationList } },
    sql: (words) => `
      select (select count(*) from participants p where p.user_id = $caller and p.left_at is null) as count, (
        ${conversationArray(words, "participants p where p.user_id = $caller and p.left_at is null", direction)}
      ) as results`,
  });
export const conversationPages = { asc: page("asc"), desc: page("desc") };

const filtered = (words: Words) => `
  participants p where p.user_id = $caller and p.left_at is null
    and p.conversation_created_at >= $created_from and p.conversation_created_at <= $created_to
    and (cast($participant as text) is null or ${words.existsForEach(`
      select 1 from participants q
      where q.conversation_id = p.conversation_id and q.user_id = $participant and q.left_at is null`)})
    and ($patterns = '[]' or ${words.existsForEach(`
      select 1 from participants q join users u on u.user_id = q.user_id
      where q.conversation_id = p.conversation_id and q.left_at is null and not exists (
        select 1 from ${words.each("$patterns")} t
        where not (${words.like("u.username", "t.value")} or ${words.like("u.email", "t.value")})
      )`)})`;

/** A page of the caller's conversations that fit every filter; null and the widest values filter nothing. */
const filteredPage = (direction: Direction) =>
  statement({
    name: `conversations.filteredPage.${direction}`,
    slow: true,
    params: {
      caller: "text",
      participant: "text?",
      created_from: "text",
      created_to: "text",
      patterns: "text",
      messages: "integer",
      limit: "integer",
      offset: "integer",
    },
    row: { count: "integer", results: { json: ConversationList } },
    sql: (words) => `
      select (select count(*) from ${filtered(words)}) as count, (
        ${conversationArray(words, filtered(words), direction)}
      ) as results`,
  });
export const filteredConversationPages = { asc: filteredPage("asc"), desc: filteredPage("desc") };

export const insertConversation = statement({
  name: "conversations.insert",
  params: { conversation: "text", now: "text" },
  row: {},
  sql: () => `insert into conversations (conversation_id, seq, created_at) values ($conversation, 1, $now)`,
});

/**
 * Takes the write lock of a conversation of the caller's until the transaction ends: what is read after it stays so. No row
 * where the caller takes no part in it.
 */
export const lockConversation = statement({
  name: "conversations.lock",
  params: { caller: "text", conversation: "text" },
  row: { conversation_id: "text" },
  sql: (words) => `
    select c.conversation_id from conversations c
    where c.conversation_id = $conversation and exists (
      select 1 from participants p
      where p.conversation_id = c.conversation_id and p.user_id = $caller and p.left_at is null
    )
    ${words.forUpdate("c")}`,
});

/**
 * Takes the conversation's next `seq` for a change the caller makes, and with it the conversation's write lock until the
 * transaction ends. No row where the caller takes no part in it.
 */
export const nextSeq = statement({
  name: "conversations.nextSeq",
  params: { caller: "text", conversation: "text" },
  row: { seq: "integer" },
  sql: () => `
    update conversations set seq = seq + 1
    where conversation_id = $conversation and exists (
      select 1 from participants p
      where p.conversation_id = conversations.conversation_id and p.user_id = $caller and p.left_at is null
    )
    returning seq`,
});

/** Takes the next `seq` for a change that no participant makes, such as the erasing of a user. */
export const nextSeqForAll = statement({
  name: "conversations.nextSeqForAll",
  params: { conversation: "text" },
  row: { seq: "integer" },
  sql: () => `update conversations set seq = seq + 1 where conversation_id = $conversation returning seq`,
});

/** Takes the next `seq` for a new message of the caller's, which is also counted and dated: never before the message that precedes it. */
export const nextMessageSeq = statement({
  name: "conversations.nextMessageSeq",
  params: { caller: "text", conversation: "text", now: "text" },
  row: { seq: "integer", sent_at: "text" },
  sql: () => `
    update conversations set seq = seq + 1, message_count = message_count + 1,
      last_sent_at = case when last_sent_at > $now then last_sent_at else $now end
    where conversation_id = $conversation and exists (
      select 1 from participants p
      where p.conversation_id = conversations.conversation_id and p.user_id = $caller and p.left_at is null
    )
    returning seq, last_sent_at as sent_at`,
});

export const countErasedMessage = statement({
  name: "conversations.countErasedMessage",
  params: { conversation: "text" },
  row: {},
  sql: () => `update conversations set message_count = message_count - 1 where conversation_id = $conversation`,
});

export const markDeleted = statement({
  name: "conversations.markDeleted",
  params: { conversation: "text", now: "text" },
  row: {},
  sql: () => `
    update conversations set deleted_at = $now, message_count = 0 where conversation_id = $conversation`,
});

/** Deleted conversations whose messages are not all erased yet. */
export const deletedWithMessages = statement({
  name: "conversations.deletedWithMessages",
  params: {},
  row: { conversation_id: "text" },
  sql: () => `
    select c.conversation_id from conversations c
    where c.deleted_at is not null and exists (
      select 1 from messages m where m.conversation_id = c.conversation_id
    )`,
});

/** Erases some messages of a deleted conversation: as many as one short transaction takes. */
export const eraseSomeOfDeleted = statement({
  name: "conversations.eraseSomeOfDeleted",
  params: { conversation: "text", limit: "integer" },
  row: { message_id: "text" },
  sql: () => `
    delete from messages where message_id in (
      select m.message_id from conversations c cross join messages m
      where c.conversation_id = $conversation and c.deleted_at is not null
        and m.conversation_id = c.conversation_id ${limited("$limit")}
    )
    returning message_id`,
});
