import type { Conversation } from "@earshot/protocol";

import type { Words } from "../db/words.ts";
import { messageObject } from "../messages/json.ts";
import { moment, userObject } from "../users/json.ts";

/**
 * SQL of a conversation as one participant sees it, with its newest `$messages` messages, oldest first. `c` is the alias of
 * `conversations`, `p` that of the caller's row in `participants`.
 */
export function conversationObject(words: Words, c: string, p: string): string {
  const newest = (limit: string) => `
    (select * from messages m where m.conversation_id = ${c}.conversation_id and m.deleted_at is null
      order by m.seq desc limit ${limit}) m
    join users u on u.user_id = m.sender_id`;
  const columns: Record<keyof Conversation, string> = {
    conversation_id: `${c}.conversation_id`,
    participants: `(select ${words.array(userObject(words, "u"), "u.created_at, u.username")}
      from participants q join users u on u.user_id = q.user_id
      where q.conversation_id = ${c}.conversation_id and q.left_at is null)`,
    messages: `(select ${words.array(messageObject(words, "m", "u"), "m.seq")} from ${newest("$messages")})`,
    created_at: moment(`${c}.created_at`),
    last_message: `(select ${messageObject(words, "m", "u")} from ${newest("1")})`,
    message_count: `${c}.message_count`,
    unread_count: `${c}.message_count - ${p}.sent_count - ${p}.read_count`,
    role: `${p}.role`,
  };
  return words.object(columns);
}
