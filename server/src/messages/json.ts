import type { Message } from "@earshot/protocol";

import type { Words } from "../db/words.ts";
import { moment, userObject } from "../users/json.ts";

/** SQL of a message. `m` is the alias of `messages`, `u` that of its sender in `users`. */
export function messageObject(words: Words, m: string, u: string): string {
  const columns: Record<keyof Message, string> = {
    message_id: `${m}.message_id`,
    sender: userObject(words, u),
    conversation: `${m}.conversation_id`,
    message_body: `${m}.message_body`,
    sent_at: moment(`${m}.sent_at`),
    seq: `${m}.seq`,
    client_id: `${m}.client_id`,
  };
  return words.object(columns);
}
