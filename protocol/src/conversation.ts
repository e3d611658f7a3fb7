import Type, { type Static } from "typebox";

import { Message } from "./message.ts";
import { readOnly, required } from "./metadata.ts";
import { User } from "./user.ts";

/** How many of the newest messages a conversation carries, unless `?messages=N` says otherwise. */
export const EMBEDDED_MESSAGES = 20;
/** The most messages a conversation carries. */
export const EMBEDDED_MESSAGES_MAX = 100;

/** The roles of participants in one conversation. */
export const PARTICIPANT_ROLES = ["owner", "admin", "member"] as const;
export type ParticipantRole = (typeof PARTICIPANT_ROLES)[number];

export const Conversation = Type.Object(
  {
    conversation_id: Type.String(readOnly("string")),
    participants: Type.Array(User, required("field")),
    messages: Type.Array(Message, readOnly("field")),
    created_at: Type.String(readOnly("datetime")),
    last_message: Type.Union([Message, Type.Null()], readOnly("field")),
    message_count: Type.Integer(readOnly("integer")),
    unread_count: Type.Integer(readOnly("integer")),
    role: Type.Enum(PARTICIPANT_ROLES, readOnly("choice")),
  },
  { additionalProperties: false },
);
export type Conversation = Static<typeof Conversation>;

/** `POST /api/conversations/`, `PUT` and `PATCH` of one. The caller is always among the participants. */
export const ConversationInput = Type.Object({
  participants: Type.Array(Type.String({ format: "uuid" }), { minItems: 1, alias: "participant_ids" }),
});
export type ConversationInput = Static<typeof ConversationInput>;
