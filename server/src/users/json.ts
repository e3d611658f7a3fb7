import type { User } from "@earshot/protocol";

import type { Words } from "../db/words.ts";

/** SQL of a user as others see it. `u` is the alias of `users`. */
export function userObject(words: Words, u: string): string {
  const columns: Record<keyof User, string> = {
    user_id: `${u}.user_id`,
    username: `${u}.username`,
    first_name: `${u}.first_name`,
    last_name: `${u}.last_name`,
    email: `${u}.email`,
    phone_number: `${u}.phone_number`,
    role: `${u}.role`,
    created_at: `${u}.created_at`,
  };
  return words.object(columns);
}
