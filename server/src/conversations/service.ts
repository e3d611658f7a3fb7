import { randomUUIDv7 } from "node:crypto";

import type { Conversation, ConversationInput } from "@earshot/protocol";

import type { Caller } from "../auth/caller.ts";
import type { Clock } from "../clock.ts";
import { takeSeq } from "./change-sequence.ts";
import type { Database } from "../db/database.ts";
import type { Json } from "../db/statement.ts";
import { all, first, type Transaction } from "../db/transaction.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Authorize } from "../permissions/authorize.ts";
import { userExists } from "../users/store.ts";
import {
  addParticipant,
  currentParticipants,
  insertParticipant,
  removeEveryone,
  removeParticipant,
} from "./participants-store.ts";
import { IsConversationManager } from "./permissions.ts";
import { findConversation, insertConversation, lockConversation, markDeleted } from "./store.ts";

export interface ConversationService {
  /**
   * @param messages how many of the newest messages it carries
   * @throws ApiError 404
   */
  get(caller: Caller, conversation: string, messages: number): Promise<Json<Conversation>>;
  /**
   * Opens a conversation; the caller takes part and owns it.
   * @throws UnknownParticipant
   */
  create(caller: Caller, input: ConversationInput, messages: number): Promise<Json<Conversation>>;
  /**
   * Sets who takes part. The caller stays; only the owner and admins remove others, and nobody removes the owner.
   * @param read reads the body, once the caller is known to be allowed
   * @throws UnknownParticipant; ApiError 400, 403, 404
   */
  change(
    caller: Caller,
    conversation: string,
    read: () => Partial<ConversationInput>,
    authorize: Authorize,
    messages: number,
  ): Promise<Json<Conversation>>;
  /**
   * Deletes it for everyone.
   * @throws ApiError 403, 404
   */
  delete(caller: Caller, conversation: string, authorize: Authorize): Promise<void>;
  /** Whether the caller takes part in it. */
  isVisible(caller: Caller, conversation: string): Promise<boolean>;
}

interface Dependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Erases what a deleted conversation held, a little at a time. */
  readonly eraseDeleted: (conversation: string) => void;
}

export function createConversationService({ database, clock, eraseDeleted }: Dependencies): ConversationService {
  function* find(caller: Caller, conversation: string, messages: number) {
    const found = yield* first(findConversation, { caller: caller.user_id, conversation, messages });
    if (found === undefined) throw notFound();
    return found;
  }

  return {
    async get(caller, conversation, messages) {
      const found = await database.first(findConversation, { caller: caller.user_id, conversation, messages });
      if (found === undefined) throw notFound();
      return found.json;
    },

    create(caller, { participants }, messages) {
      return database.write(function* () {
        const conversation = randomUUIDv7();
        const now = clock.moment();
        yield* requireUsers(participants);
        yield* all(insertConversation, { conversation, now });
        for (const user of new Set([caller.user_id, ...participants])) {
          const role = user === caller.user_id ? "owner" : "member";
          yield* all(insertParticipant, { conversation, user, role, created_at: now, now, seq: 1 });
        }
        return (yield* find(caller, conversation, messages)).json;
      });
    },

    change(caller, conversation, read, authorize, messages) {
      return database.write(function* () {
        yield* all(lockConversation, { caller: caller.user_id, conversation });
        const { membership } = yield* find(caller, conversation, 0);
        authorize({ kind: "conversation", membership });
        const { participants } = read();
        if (participants === undefined) return (yield* find(caller, conversation, messages)).json;
        yield* requireUsers(participants);

        const wanted = new Set([caller.user_id, ...participants]);
        const current = yield* all(currentParticipants, { conversation });
        const removed = current.filter(({ user_id }) => !wanted.has(user_id));
        const mayRemove = IsConversationManager.allowsObject(caller, "PUT", { kind: "conversation", membership });
        if (removed.length > 0 && !mayRemove) throw forbidden();
        if (removed.some(({ role }) => role === "owner")) throw forbidden();

        for (const { user_id } of removed) {
          const seq = yield* takeSeq(caller, conversation);
          yield* all(removeParticipant, { conversation, user: user_id, seq, now: clock.moment() });
        }
        const there = new Set(current.map(({ user_id }) => user_id));
        for (const user of wanted.difference(there)) {
          const seq = yield* takeSeq(caller, conversation);
          yield* all(addParticipant, { conversation, user, seq, now: clock.moment() });
        }
        return (yield* find(caller, conversation, messages)).json;
      });
    },

    async delete(caller, conversation, authorize) {
      await database.write(function* () {
        yield* all(lockConversation, { caller: caller.user_id, conversation });
        const { membership } = yield* find(caller, conversation, 0);
        authorize({ kind: "conversation", membership });
        const seq = yield* takeSeq(caller, conversation);
        const now = clock.moment();
        yield* all(removeEveryone, { conversation, seq, now });
        yield* all(markDeleted, { conversation, now });
      });
      eraseDeleted(conversation);
    },

    async isVisible(caller, conversation) {
      return (
        (await database.first(findConversation, { caller: caller.user_id, conversation, messages: 0 })) !== undefined
      );
    },
  };
}

/** Someone was to take part who is not there. */
export class UnknownParticipant extends Error {
  readonly user_id: string;

  constructor(user_id: string) {
    super("no such user");
    this.user_id = user_id;
  }
}

/** @throws UnknownParticipant for the first who is not there */
function* requireUsers(users: readonly string[]): Transaction<void> {
  for (const user of users) {
    if ((yield* first(userExists, { user })) === undefined) throw new UnknownParticipant(user);
  }
}
