import Type, { type Static } from "typebox";

import { readOnly, required } from "./metadata.ts";

/** `POST /api/token/` */
export const Credentials = Type.Object({
  username: Type.String(required("string")),
  password: Type.String(required("string")),
});
export type Credentials = Static<typeof Credentials>;

/** The answer of `POST /api/token/` */
export const TokenPair = Type.Object(
  { refresh: Type.String(), access: Type.String() },
  { additionalProperties: false },
);
export type TokenPair = Static<typeof TokenPair>;

/** `POST /api/token/refresh/` and `POST /api/token/blacklist/` */
export const RefreshInput = Type.Object({ refresh: Type.String(required("string")) });
export type RefreshInput = Static<typeof RefreshInput>;

/** What `OPTIONS /api/token/refresh/` shows: the input and the answer in one. */
export const RefreshShown = Type.Object({
  refresh: Type.String(required("string")),
  access: Type.String(readOnly("string")),
});

/** The answer of `POST /api/token/refresh/`; `refresh` only where tokens rotate. */
export const RefreshedTokens = Type.Object(
  { access: Type.String(), refresh: Type.Optional(Type.String()) },
  { additionalProperties: false },
);
export type RefreshedTokens = Static<typeof RefreshedTokens>;

/** `POST /api/token/verify/` */
export const VerifyInput = Type.Object({ token: Type.String(required("string")) });
export type VerifyInput = Static<typeof VerifyInput>;

/** `POST /api/token/sliding/refresh/` */
export const SlidingInput = Type.Object({ token: Type.String(required("string")) });
export type SlidingInput = Static<typeof SlidingInput>;

/** The answer of `POST /api/token/sliding/` and `POST /api/token/sliding/refresh/` */
export const SlidingToken = Type.Object({ token: Type.String() }, { additionalProperties: false });
export type SlidingToken = Static<typeof SlidingToken>;

/** The answer `{}` of verify and blacklist. */
export const Empty = Type.Object({}, { additionalProperties: false });
