import Type, { type Static } from "typebox";

import { optional, readOnly, required } from "./metadata.ts";
import { NullableString } from "./nullable.ts";
import { User } from "./user.ts";

/** Longest `client_id` taken, in characters. */
export const CLIENT_ID_MAX_LENGTH = 128;

/** Longest text of a message, in characters: what a page of messages can grow to is known. */
export const MESSAGE_BODY_MAX_LENGTH = 65_536;

const clientId = optional("string", { max_length: CLIENT_ID_MAX_LENGTH });

export const Message = Type.Object(
  {
    message_id: Type.String(readOnly("string")),
    sender: User,
    conversation: Type.String(required("field")),
    message_body: Type.String(required("string")),
    sent_at: Type.String(readOnly("datetime")),
    seq: Type.Integer(readOnly("integer")),
    client_id: NullableString(clientId),
  },
  { ...readOnly("nested object"), additionalProperties: false },
);
export type Message = Static<typeof Message>;

/** `POST /api/messages/` */
export const NewMessage = Type.Object({
  conversation: Type.String({ format: "uuid" }),
  message_body: Type.String({ maxLength: MESSAGE_BODY_MAX_LENGTH }),
  client_id: Type.Optional(Type.String({ maxLength: CLIENT_ID_MAX_LENGTH })),
});
export type NewMessage = Static<typeof NewMessage>;

/** `POST /api/conversations/{conversation_id}/messages/`: the path names the conversation. */
export const NewMessageHere = Type.Omit(NewMessage, ["conversation"]);
export type NewMessageHere = Static<typeof NewMessageHere>;

/** `PUT` and `PATCH` of a message: its text alone can change. */
export const MessageChange = Type.Object({ message_body: Type.String({ maxLength: MESSAGE_BODY_MAX_LENGTH }) });
export type MessageChange = Static<typeof MessageChange>;
