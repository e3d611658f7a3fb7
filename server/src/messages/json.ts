import type { Message } from "@earshot/protocol";

import type { Words } from "../db/words.ts";
import { userObject } from "../users/json.ts";

/** SQL of a message. `m` is the alias of `messages`, `u` that of its sender in `users`. */
export function messageObject(words: Words, m: string, u: string): string {
  const columns: Record<keyof Message, string> = {
    message_id: `${m}.message_id`,
    sender: userObject(words, u),
    conversation: `${m}.conversation_id`,
    message_body: `${m}.message_body`,
    sent_at: `${m}.sent_at`,
    seq: `${m}.seq`,
    client_id: `${m}.client_id`,
  };
  return words.object(columns);
}

interface Messages {
  /** A select over `messages`, whose alias is `m`. */
  readonly rows: string;
  readonly order: string;
  readonly limit?: string;
}

/** SQL of a select of messages as one JSON array. */
export const messageArray = (words: Words, { rows, order, limit = "" }: Messages) => `
  select ${words.orderedArray(messageObject(words, "m", "u"), order)}
  from (${rows} order by ${order} ${limit}) m cross join users u where u.user_id = m.sender_id`;
