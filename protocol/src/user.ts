import Type, { type Static } from "typebox";

import { optional, readOnly, required } from "./metadata.ts";
import { NullableString } from "./nullable.ts";

/** The role a user has on the whole site; the role in one conversation is `ParticipantRole`. */
export const UserRole = Type.Union([Type.Literal("guest"), Type.Literal("host"), Type.Literal("admin")], {
  ...optional("choice", {
    choices: [
      { value: "guest", display_name: "Guest" },
      { value: "host", display_name: "Host" },
      { value: "admin", display_name: "Admin" },
    ],
  }),
});
export type UserRole = Static<typeof UserRole>;

export const User = Type.Object(
  {
    user_id: Type.String(readOnly("string")),
    username: Type.String(
      required("string", {
        help_text: "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
        max_length: 150,
      }),
    ),
    first_name: Type.String(optional("string", { max_length: 150 })),
    last_name: Type.String(optional("string", { max_length: 150 })),
    email: Type.String(required("email", { max_length: 254 })),
    phone_number: NullableString(optional("string", { max_length: 20 })),
    role: UserRole,
    created_at: Type.String(readOnly("datetime")),
  },
  { ...readOnly("nested object"), additionalProperties: false },
);
export type User = Static<typeof User>;
