import { createHash, randomUUIDv7 } from "node:crypto";

import type { Message, MessageChange, NewMessageHere } from "@earshot/protocol";

import type { Caller } from "../auth/caller.ts";
import type { Clock } from "../clock.ts";
import { takeSeq } from "../conversations/change-sequence.ts";
import { countSent, uncountErased } from "../conversations/participants-store.ts";
import { conversationExists, countErasedMessage, nextMessageSeq } from "../conversations/store.ts";
import type { Database } from "../db/database.ts";
import type { Json, RowOf } from "../db/statement.ts";
import { all, first, type Transaction } from "../db/transaction.ts";
import { ApiError, conflict, notFound } from "../http/errors.ts";
import { type Authorize, rolesThatPass } from "../permissions/authorize.ts";
import { sendAtOnce } from "./at-once-store.ts";
import { changeMessage, eraseMessage, findMessage, findSent, insertMessage, lockConversationOf } from "./store.ts";

/** One message, as its path names it: `within` where the path names its conversation too. */
export interface MessageAddress {
  readonly message: string;
  readonly within?: string;
}

export interface MessageService {
  /** @throws ApiError 404 */
  get(caller: Caller, address: MessageAddress): Promise<Json<Message>>;
  /**
   * Sends a message. The same `client_id` again has the effect of once.
   * @throws ApiError 403 where the caller takes no part in it, 409 for another message under the same `client_id`
   */
  send(caller: Caller, conversation: string, input: NewMessageHere, conditions: SendConditions): Promise<Json<Message>>;
  /**
   * @param read reads the body, once the caller is known to be allowed
   * @throws ApiError 400, 403, 404
   */
  change(
    caller: Caller,
    address: MessageAddress,
    read: () => Partial<MessageChange>,
    authorize: Authorize,
  ): Promise<Json<Message>>;
  /** @throws ApiError 403, 404 */
  erase(caller: Caller, address: MessageAddress, authorize: Authorize): Promise<void>;
  /** Whether the caller can find the message and `authorize` lets it pass. */
  mayChange(caller: Caller, address: MessageAddress, authorize: Authorize): Promise<boolean>;
}

interface SendConditions {
  readonly authorize: Authorize;
  /** What to throw where there is no such conversation. */
  readonly absent: () => Error;
  /** Settles once the caller's account is known to be active; rejects where it is not. */
  readonly confirmed: Promise<void>;
}

type FoundMessage = RowOf<(typeof findMessage)["row"]>;

export function createMessageService({ database, clock }: { database: Database; clock: Clock }): MessageService {
  function* find(caller: Caller, { message, within }: MessageAddress): Transaction<FoundMessage> {
    return atAddress(yield* first(findMessage, { caller: caller.user_id, message }), within);
  }

  return {
    async get(caller, { message, within }) {
      return atAddress(await database.first(findMessage, { caller: caller.user_id, message }), within).json;
    },

    async send(caller, conversation, { message_body, client_id = null }, { authorize, absent, confirmed }) {
      const sender = caller.user_id;
      const message = randomUUIDv7();
      const payload_hash = client_id === null ? null : payloadHash(message, message_body);
      const sent = await database.atOnce(sendAtOnce, {
        caller: sender,
        conversation,
        roles: JSON.stringify(rolesThatPass(authorize)),
        message,
        client_id,
        payload_hash,
        message_body,
        now: clock.moment(),
      });
      if (sent?.is_new === 0) requireSame(sent, message_body);
      if (sent !== undefined) return sent.json;
      await confirmed;
      return database.write(function* () {
        if (client_id !== null) {
          const again = yield* sentBefore(caller, conversation, client_id, message_body);
          if (again !== undefined) return again.json;
        }
        const place = yield* first(nextMessageSeq, { caller: sender, conversation, now: clock.moment() });
        const membership = (yield* first(countSent, { caller: sender, conversation }))?.role;
        if (place === undefined && (yield* first(conversationExists, { conversation })) === undefined) throw absent();
        authorize({ kind: "conversation", membership });
        if (place === undefined) throw notFound();

        yield* all(insertMessage, {
          message,
          conversation,
          caller: sender,
          seq: place.seq,
          client_id,
          payload_hash,
          message_body,
          sent_at: place.sent_at,
        });
        return (yield* find(caller, { message })).json;
      });
    },

    change(caller, address, read, authorize) {
      return database.write(function* () {
        yield* all(lockConversationOf, { caller: caller.user_id, message: address.message });
        const found = yield* find(caller, address);
        authorize({ kind: "message", ...found });
        const { message_body } = read();
        if (message_body === undefined || message_body === found.message_body) return found.json;
        const seq = yield* takeSeq(caller, found.conversation_id);
        yield* all(changeMessage, { message: found.message_id, seq, message_body, now: clock.moment() });
        return (yield* find(caller, address)).json;
      });
    },

    erase(caller, address, authorize) {
      return database.write(function* () {
        yield* all(lockConversationOf, { caller: caller.user_id, message: address.message });
        const found = yield* find(caller, address);
        authorize({ kind: "message", ...found });
        yield* eraseOne(found, yield* takeSeq(caller, found.conversation_id), clock.moment());
      });
    },

    async mayChange(caller, { message, within }, authorize) {
      try {
        const found = atAddress(await database.first(findMessage, { caller: caller.user_id, message }), within);
        authorize({ kind: "message", ...found });
        return true;
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
    },
  };
}

/**
 * The message that an earlier send under the same `client_id` made.
 * @throws ApiError 409 where that was another message, or has been erased since
 */
function* sentBefore(
  caller: Caller,
  conversation: string,
  client_id: string,
  message_body: string,
): Transaction<FoundMessage | undefined> {
  const sent = yield* first(findSent, { caller: caller.user_id, conversation, client_id });
  if (sent === undefined) return undefined;
  requireSame(sent, message_body);
  return yield* first(findMessage, { caller: caller.user_id, message: sent.message_id });
}

type SentBefore = RowOf<(typeof findSent)["row"]>;

/** @throws ApiError 409 where another message was sent, or it has been erased since */
function requireSame({ message_id, payload_hash, deleted_at }: SentBefore, message_body: string): void {
  if (deleted_at === null && payload_hash === payloadHash(message_id, message_body)) return;
  throw conflict("This client_id was used for another message in this conversation.", "client_id_conflict");
}

/** Tells a repeated send from another one after an edit, too. Salted with the message's id: it tells nothing of the text. */
const payloadHash = (message: string, message_body: string) =>
  createHash("sha256").update(`${message}:${message_body}`).digest("base64url");

/** @throws ApiError 404 where there is no such message for the caller, or not in the conversation that the path names */
function atAddress(found: FoundMessage | undefined, within: string | undefined): FoundMessage {
  if (found === undefined || (within !== undefined && found.conversation_id !== within)) throw notFound();
  return found;
}

/** What erasing a message needs to know of it. */
export type ErasableMessage = Pick<FoundMessage, "message_id" | "conversation_id" | "sender_id" | "seq">;

/** Erases a message and takes it out of every count. */
export function* eraseOne(found: ErasableMessage, seq: number, now: string): Transaction<void> {
  const conversation = found.conversation_id;
  yield* all(eraseMessage, { message: found.message_id, seq, now });
  yield* all(countErasedMessage, { conversation });
  yield* all(uncountErased, { conversation, sender: found.sender_id, seq: found.seq });
}
