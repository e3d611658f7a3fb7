import { PARTICIPANT_ROLES } from "@earshot/protocol";

import { statement } from "../db/statement.ts";

/** Who takes part in a conversation now. */
export const currentParticipants = statement({
  name: "participants.current",
  params: { conversation: "text" },
  row: { user_id: "text", role: { oneOf: PARTICIPANT_ROLES } },
  sql: () => `select user_id, role from participants where conversation_id = $conversation and left_at is null`,
});

export const insertParticipant = statement({
  name: "participants.insert",
  params: { conversation: "text", user: "text", role: "text", created_at: "text", now: "text", seq: "integer" },
  row: {},
  sql: () => `
    insert into participants (conversation_id, user_id, role, joined_at, conversation_created_at, changed_seq)
    values ($conversation, $user, $role, $now, $created_at, $seq)`,
});

/**
 * Adds someone to a conversation that has a past, for the first time or again. What was said before counts as read:
 * `read_count` is the number of messages up to `read_seq` that are not one's own.
 */
export const addParticipant = statement({
  name: "participants.add",
  params: { conversation: "text", user: "text", now: "text", seq: "integer" },
  row: {},
  sql: () => `
    insert into participants
      (conversation_id, user_id, role, joined_at, conversation_created_at, changed_seq, read_seq, read_count)
    select c.conversation_id, $user, 'member', $now, c.created_at, $seq, $seq, c.message_count
    from conversations c where c.conversation_id = $conversation
    on conflict (conversation_id, user_id) do update set
      role = 'member', joined_at = excluded.joined_at, left_at = null, changed_seq = excluded.changed_seq,
      read_seq = excluded.read_seq, read_count = excluded.read_count - participants.sent_count`,
});

export const removeParticipant = statement({
  name: "participants.remove",
  params: { conversation: "text", user: "text", now: "text", seq: "integer" },
  row: {},
  sql: () => `
    update participants set left_at = $now, changed_seq = $seq
    where conversation_id = $conversation and user_id = $user and left_at is null`,
});

export const removeEveryone = statement({
  name: "participants.removeEveryone",
  params: { conversation: "text", now: "text", seq: "integer" },
  row: {},
  sql: () => `
    update participants set left_at = $now, changed_seq = $seq
    where conversation_id = $conversation and left_at is null`,
});

/** Counts a message as its sender's; answers the sender's role. */
export const countSent = statement({
  name: "participants.countSent",
  params: { caller: "text", conversation: "text" },
  row: { role: { oneOf: PARTICIPANT_ROLES } },
  sql: () => `
    update participants set sent_count = sent_count + 1
    where conversation_id = $conversation and user_id = $caller and left_at is null
    returning role`,
});

/** Takes an erased message out of its sender's count and out of the read count of those who had read it. */
export const uncountErased = statement({
  name: "participants.uncountErased",
  params: { conversation: "text", sender: "text", seq: "integer" },
  row: {},
  sql: () => `
    update participants set
      sent_count = case when user_id = $sender then sent_count - 1 else sent_count end,
      read_count = case when user_id <> $sender then read_count - 1 else read_count end
    where conversation_id = $conversation and (user_id = $sender or read_seq >= $seq)`,
});

/** The conversations someone takes part in. */
export const conversationsOf = statement({
  name: "participants.conversationsOf",
  params: { user: "text" },
  row: { conversation_id: "text", role: { oneOf: PARTICIPANT_ROLES } },
  sql: () => `
    select conversation_id, role from participants where user_id = $user and left_at is null order by conversation_id`,
});
