import type { Conversation } from "@earshot/protocol";

import { limited } from "../db/limit.ts";
import type { Words } from "../db/words.ts";
import { messageArray, messageObject } from "../messages/json.ts";
import { userObject } from "../users/json.ts";

/**
 * SQL of a conversation as one participant sees it, with its newest `$messages` messages, oldest first. `c` is the alias of
 * `conversations`, `p` that of the caller's row in `participants`.
 */
export function conversationObject(words: Words, c: string, p: string): string {
  const newest = (limit: string) => `
    select * from messages m where m.conversation_id = ${c}.conversation_id and m.deleted_at is null
    order by m.seq desc ${limited(limit)}`;
  const columns: Record<keyof Conversation, string> = {
    conversation_id: `${c}.conversation_id`,
    participants: `(select ${words.array(userObject(words, "u"), "u.created_at, u.username")}
      from participants q join users u on u.user_id = q.user_id
      where q.conversation_id = ${c}.conversation_id and q.left_at is null)`,
    messages: `(${messageArray(words, { rows: `select * from (${newest("$messages")}) m`, order: "m.seq" })})`,
    created_at: `${c}.created_at`,
    last_message: `(select ${messageObject(words, "m", "u")}
      from (${newest("1")}) m cross join users u where u.user_id = m.sender_id)`,
    message_count: `${c}.message_count`,
    unread_count: `${c}.message_count - ${p}.sent_count - ${p}.read_count`,
    role: `${p}.role`,
  };
  return words.object(columns);
}
