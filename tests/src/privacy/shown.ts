import type { Conversation as ShownConversation, Message as ShownMessage, User } from "@earshot/protocol";

import {
  type Conversation,
  liveMessages,
  type Message,
  type Model,
  participantsOf,
  participationOf,
  type Person,
  unreadCount,
} from "./model.ts";

/** What the model's people, messages and conversations look like in an answer. */
const shownPerson = ({ user_id, username, first_name, email, role, created_at }: Person): User => ({
  user_id,
  username,
  first_name,
  last_name: "",
  email,
  phone_number: null,
  role,
  created_at,
});

export const shownMessage = (message: Message): ShownMessage => ({
  message_id: message.message_id,
  sender: shownPerson(message.sender),
  conversation: message.conversation.conversation_id,
  message_body: message.message_body,
  sent_at: message.sent_at,
  seq: message.seq,
  client_id: message.client_id,
});

/** Participants stand in the order in which their accounts were made. */
export function shownConversation(
  model: Model,
  conversation: Conversation,
  viewer: Person,
  newest: number,
): ShownConversation {
  const participation = participationOf(conversation, viewer);
  if (participation === undefined) throw new Error("nothing of it is shown to who takes no part");
  const live = liveMessages(conversation);
  const last = live.at(-1);
  const there = new Set(participantsOf(conversation));
  return {
    conversation_id: conversation.conversation_id,
    participants: model.people.filter((person) => there.has(person)).map(shownPerson),
    messages: (newest === 0 ? [] : live.slice(-newest)).map(shownMessage),
    created_at: conversation.created_at,
    last_message: last === undefined ? null : shownMessage(last),
    message_count: live.length,
    unread_count: unreadCount(conversation, viewer),
    role: participation.role,
  };
}
