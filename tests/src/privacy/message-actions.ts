import assert from "node:assert/strict";

import { textMember } from "../contract/json.ts";
import { done, type Expected, shows } from "./expected.ts";
import type { ActionOf } from "./history.ts";
import { makeMarker } from "./leaks.ts";
import { type Conversation, isVisible, type Message, type Person, takesPart } from "./model.ts";
import {
  conversationAt,
  findAt,
  idOf,
  messageAt,
  managerOf,
  pickOf,
  placeOf,
  repeatable,
  senderOf,
} from "./picking.ts";
import { CONFLICT, fieldError, FORBIDDEN, NOT_A_PARTICIPANT, NOT_FOUND, required, unknownId } from "./refusals.ts";
import type { Run } from "./run.ts";
import { shownMessage } from "./shown.ts";

const BLANK = fieldError("message_body", "This field may not be blank.");

const newText = () => `note ${makeMarker("body")}`;

/** Members that the server alone sets, and a sender who is another. */
const spoofedMembers = ({ model, unknownId: none }: Run) => ({
  message_id: model.messages[0]?.message_id ?? none,
  sender: model.people[0]?.user_id,
  sender_id: model.people[0]?.user_id,
  sent_at: "2001-01-01T00:00:00Z",
  seq: 1,
  deleted_at: null,
});

export async function send(run: Run, action: ActionOf<"send">): Promise<void> {
  const { model } = run;
  const earlier = pickOf(repeatable(run), action.repeats ?? null);
  const conversation = earlier?.conversation ?? conversationAt(run, action.conversation);
  const who = earlier === undefined ? action.who : { ...action.who, person: "author" as const };
  const sender = senderOf(run, who, earlier?.sender ?? managerOf(conversation));
  const client = earlier?.client_id ?? action.client;
  const sent_body = earlier !== undefined && action.sameText ? earlier.sent_body : newText();
  const conversation_id = idOf(run, conversation);
  const elsewhere = { conversation: model.conversations.at(-1)?.conversation_id };
  const json = {
    ...(action.spoofed ? { ...spoofedMembers(run), ...elsewhere } : {}),
    ...(action.nested ? {} : { conversation: conversation_id }),
    message_body: action.blank ? "" : sent_body,
    ...(client === undefined ? {} : { client_id: client }),
  };
  const request = action.nested
    ? { path: "/api/conversations/:conversation_id/messages/", ids: { conversation_id } }
    : { path: "/api/messages/" };
  await run.ask(sender, { method: "POST", ...request, json }, (caller): Expected => {
    if (action.blank) return BLANK;
    if (conversation === undefined || conversation.isDeleted) {
      return action.nested ? NOT_FOUND : unknownId("conversation", conversation_id);
    }
    if (!takesPart(conversation, caller)) return NOT_A_PARTICIPANT;
    // Sending twice has the effect of once, also after an edit; another message under the same client_id is refused.
    const before = sentUnder(conversation, caller, client);
    if (before !== undefined) {
      return before.isDeleted || before.sent_body !== sent_body ? CONFLICT : shows(shownMessage(before), 201);
    }
    return {
      status: 201,
      body(given) {
        const answer = given();
        const message_id = textMember(answer, "message_id");
        assert.ok(!model.messages.some((one) => one.message_id === message_id), "an id used before");
        const sent_at = textMember(answer, "sent_at");
        const client_id = client ?? null;
        return shownMessage(model.send({ message_id, conversation, sender: caller, client_id, sent_body, sent_at }));
      },
    };
  });
}

/** What someone sent under a `client_id`, deleted or not. */
const sentUnder = (conversation: Conversation | undefined, sender: Person, client: string | undefined) =>
  conversation?.messages.find((message) => message.sender === sender && message.client_id === (client ?? ""));

export async function changeMessage(run: Run, action: ActionOf<"change message">): Promise<void> {
  const { model } = run;
  const message = messageAt(run, action.message);
  const place = placeOf(run, message, action.address, action.elsewhere);
  const text = { new: newText(), same: message?.message_body ?? newText(), blank: "", none: undefined }[action.text];
  const elsewhere = { conversation: model.conversations[0]?.conversation_id };
  const json = {
    ...(action.spoofed ? { ...spoofedMembers(run), ...elsewhere } : {}),
    ...(text === undefined ? {} : { message_body: text }),
  };
  const { path, ids } = place;
  const sender = senderOf(run, action.who, message?.sender);
  await run.ask(sender, { method: action.method, path, ids, json }, (caller): Expected =>
    asSender(findAt(message, place), caller, (own): Expected => {
      if (text === "") return BLANK;
      if (text === undefined) return action.method === "PUT" ? required("message_body") : shows(shownMessage(own));
      return {
        status: 200,
        body() {
          model.change(own, text);
          return shownMessage(own);
        },
      };
    }),
  );
}

export async function deleteMessage(run: Run, action: ActionOf<"delete message">): Promise<void> {
  const message = messageAt(run, action.message);
  const place = placeOf(run, message, action.address, action.elsewhere);
  const { path, ids } = place;
  const request = { method: "DELETE", path, ids, spelling: action.spelling };
  await run.ask(senderOf(run, action.who, message?.sender), request, (caller) =>
    asSender(findAt(message, place), caller, (own) => done(() => run.model.deleteMessage(own))),
  );
}

/** A message is changed and deleted by its sender alone, and only while they take part. */
function asSender(found: Message | undefined, caller: Person, decide: (own: Message) => Expected): Expected {
  if (found === undefined || !isVisible(found, caller)) return NOT_FOUND;
  return found.sender === caller ? decide(found) : FORBIDDEN;
}
