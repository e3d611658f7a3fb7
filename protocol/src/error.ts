import Type, { type Static } from "typebox";

/** The codes a `detail` can come with; most details have none. */
export const ErrorCode = Type.Union([
  Type.Literal("token_not_valid"),
  Type.Literal("bad_authorization_header"),
  Type.Literal("user_not_found"),
  Type.Literal("user_inactive"),
  Type.Literal("password_changed"),
  Type.Literal("client_id_conflict"),
]);
export type ErrorCode = Static<typeof ErrorCode>;

/** What a guarded route says of each token class that the token was tried as. */
export const TokenMessage = Type.Object({
  token_class: Type.String(),
  token_type: Type.String(),
  message: Type.String(),
});
export type TokenMessage = Static<typeof TokenMessage>;

/** An error that concerns the request as a whole. */
export const DetailError = Type.Object(
  {
    detail: Type.String(),
    code: Type.Optional(ErrorCode),
    messages: Type.Optional(Type.Array(TokenMessage)),
  },
  { additionalProperties: false },
);
export type DetailError = Static<typeof DetailError>;

/** Errors of single members of the request: member name to texts; `non_field_errors` for the body as a whole. */
export const FieldErrors = Type.Record(Type.String(), Type.Array(Type.String(), { minItems: 1 }));
export type FieldErrors = Static<typeof FieldErrors>;
