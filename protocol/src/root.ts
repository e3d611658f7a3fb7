import Type, { type Static } from "typebox";

/** `GET /api/`: where the collections are. */
export const ApiRoot = Type.Object(
  { conversations: Type.String(), messages: Type.String() },
  { additionalProperties: false },
);
export type ApiRoot = Static<typeof ApiRoot>;
