import Type, { type TSchema } from "typebox";

import { NullableString } from "./nullable.ts";

/** One page of a list. `next` and `previous` are absolute links. */
export const Page = <Item extends TSchema>(item: Item) =>
  Type.Object(
    {
      count: Type.Integer(),
      next: NullableString(),
      previous: NullableString(),
      results: Type.Array(item),
    },
    { additionalProperties: false },
  );
