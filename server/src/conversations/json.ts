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
  const live = (m: string) => `${m}.conversation_id = ${c}.conversation_id and ${m}.deleted_at is null`;
  // Those after the first that is too many: they come in order, with nothing to sort.
  const newest = `select * from messages m where ${live("m")} and m.seq > coalesce((
      select t.seq from messages t where ${live("t")} order by t.seq desc ${limited("1", "$messages")}
    ), 0)`;
  const last = `select * from messages m where ${live("m")} order by m.seq desc limit 1`;
  const columns: Record<keyof Conversation, string> = {
    conversation_id: `${c}.conversation_id`,
    participants: `(select ${words.array(userObject(words, "u"), "u.created_at, u.username")}
      from participants q join users u on u.user_id = q.user_id
      where q.conversation_id = ${c}.conversation_id and q.left_at is null)`,
    messages: `(${messageArray(words, { rows: newest, order: "m.seq" })})`,
    created_at: `${c}.created_at`,
    last_message: `(select ${messageObject(words, "m", "u")}
      from (${last}) m cross join users u where u.user_id = m.sender_id)`,
    message_count: `${c}.message_count`,
    unread_count: `${c}.message_count - ${p}.sent_count - ${p}.read_count`,
    role: `${p}.role`,
  };
  return words.object(columns);
}
