import type { Caller } from "../auth/caller.ts";
import { first, type Transaction } from "../db/transaction.ts";
import { notFound } from "../http/errors.ts";
import { nextSeq } from "./store.ts";

/**
 * Takes the conversation's next `seq` for a change of the caller's. What the change builds on is read under the
 * conversation's write lock (`lockConversation`): another process may be at it.
 * @throws ApiError 404 where the caller takes no part in it
 */
export function* takeSeq(caller: Caller, conversation: string): Transaction<number> {
  const change = yield* first(nextSeq, { caller: caller.user_id, conversation });
  if (change === undefined) throw notFound();
  return change.seq;
}
