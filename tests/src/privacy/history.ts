import * as fc from "fast-check";

import { CREDENTIALS } from "./credentials.ts";
import { FORMS } from "./run.ts";

/**
 * What histories are made of. Numbers pick one of what there is at that moment (the remainder counts); null picks an id that
 * nothing has.
 */
const pick = fc.nat(59);
const pickOrNone = fc.option(pick, { freq: 15 });
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const sometimes = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const rarely = fc.nat(9).map((number) => number === 9);

/** Who does it: anyone, or whoever manages the conversation or sent the message it is about. */
const who = fc.record({
  person: fc.oneof({ weight: 3, arbitrary: pick }, { weight: 2, arbitrary: fc.constant("author") }),
  by: fc.oneof(
    { weight: 14, arbitrary: fc.constant("token") },
    { weight: 5, arbitrary: fc.constant("cookie") },
    { weight: 3, arbitrary: fc.constantFrom(...CREDENTIALS) },
  ),
});
const spelling = fc.oneof(
  { weight: 6, arbitrary: fc.constant("plain") },
  { weight: 1, arbitrary: fc.constant("upper") },
  { weight: 1, arbitrary: fc.constant("hex") },
);
const form = fc.oneof(
  { weight: 7, arbitrary: fc.constant("json") },
  { weight: 1, arbitrary: fc.constantFrom(...FORMS) },
);
const newest = perhaps(fc.constantFrom(0, 1, 2, 100));
/** Whom a filter names: anyone, or someone who has left a conversation. */
const named = fc.oneof({ weight: 2, arbitrary: pickOrNone }, { weight: 1, arbitrary: fc.constant("left") });
const change = fc.constantFrom("PUT", "PATCH");
/** The message's own path, the path under its conversation, or the path under another. */
const address = fc.constantFrom("top", "nested", "elsewhere");

const open = fc.record({
  do: fc.constant("open conversation"),
  who,
  others: fc.array(fc.option(pick, { freq: 40 }), { maxLength: 4, size: "max" }),
  alias: fc.boolean(),
  spoofed: rarely,
  newest,
});
const setParticipants = fc.record({
  do: fc.constant("set participants"),
  who,
  conversation: pickOrNone,
  how: fc.constantFrom("add", "add", "remove", "remove", "replace", "nothing"),
  people: fc.array(fc.option(pick, { freq: 40 }), { minLength: 1, maxLength: 3, size: "max" }),
  method: change,
  alias: fc.boolean(),
  newest,
});
const deleteConversation = fc.record({
  do: fc.constant("delete conversation"),
  who,
  conversation: pickOrNone,
  spelling,
});
const send = fc.record({
  do: fc.constant("send"),
  who,
  conversation: pickOrNone,
  nested: fc.boolean(),
  client: perhaps(fc.constantFrom("client-a", "client-b")),
  /** Sends once more what was sent before under a `client_id`, by the same sender: the same text or another. */
  repeats: sometimes(pick),
  sameText: fc.boolean(),
  spoofed: rarely,
  blank: rarely,
});
const changeMessage = fc.record({
  do: fc.constant("change message"),
  who,
  message: pickOrNone,
  address,
  elsewhere: pickOrNone,
  method: change,
  text: fc.constantFrom("new", "new", "new", "same", "none", "blank"),
  spoofed: rarely,
});
const deleteMessage = fc.record({
  do: fc.constant("delete message"),
  who,
  message: pickOrNone,
  address,
  elsewhere: pickOrNone,
  spelling,
});

const account = fc.record({
  do: fc.constantFrom("deactivate", "activate", "activate", "delete user", "make user anew"),
  person: pick,
});
const promote = fc.record({ do: fc.constant("make admin"), person: pick, conversation: pick });
const changePassword = fc.record({ do: fc.constant("change password"), person: pick });
const login = fc.record({
  do: fc.constant("log in"),
  person: pick,
  password: fc.constantFrom("right", "right", "right", "wrong"),
  for: fc.constantFrom("tokens", "session"),
});
const token = fc.record({
  do: fc.constantFrom("refresh", "refresh", "refresh", "blacklist", "verify"),
  person: pick,
  session: pick,
  age: fc.nat(2),
});
const logOut = fc.record({ do: fc.constant("log out"), person: pick, method: fc.constantFrom("GET", "POST") });
const visit = fc.record({
  do: fc.constant("visit"),
  who,
  place: fc.constantFrom("/", "/api-auth/login/", "/api/", "/api/"),
});

const paging = {
  page: sometimes(fc.constantFrom("1", "2", "3", "last", "0", "9")),
  page_size: perhaps(fc.constantFrom("1", "2", "3", "100")),
};
/** What is searched for: a word of every text, a person's or a message's own marker, wildcards that must not be any. */
const search = perhaps(
  fc.record({
    for: fc.constantFrom("note", "zq", "body", "user", "mail", "left", "left", "%", "_", "two"),
    of: pick,
    upper: fc.boolean(),
  }),
);
const listConversations = fc.record({
  do: fc.constant("list conversations"),
  who,
  participant: sometimes(named),
  created_after: sometimes(pick),
  created_before: sometimes(pick),
  search,
  ordering: perhaps(fc.constantFrom("created_at", "-created_at", "message_count")),
  newest,
  ...paging,
  form,
});
const readConversation = fc.record({
  do: fc.constant("read conversation"),
  who,
  conversation: pickOrNone,
  newest,
  spelling,
  form,
});
const messageFilters = {
  conversation: sometimes(pickOrNone),
  sender: sometimes(named),
  participant: sometimes(named),
  sent_after: sometimes(pick),
  sent_before: sometimes(pick),
  start_date: sometimes(pick),
  end_date: sometimes(pick),
  search,
  ordering: perhaps(fc.constantFrom("sent_at", "-sent_at", "seq")),
};
const listMessages = fc.record({
  do: fc.constant("list messages"),
  who,
  within: perhaps(pickOrNone),
  isFiltered: fc.boolean(),
  filters: fc.record(messageFilters),
  ...paging,
  spelling,
  form,
});
const readPosition = fc.record({
  do: fc.constant("read position"),
  who,
  conversation: pickOrNone,
  position: fc.constantFrom("before", "after", "around"),
  /** The `seq` of a message, or a number. */
  seq: fc.oneof(pick, fc.constantFrom("0", "1", "1000000")),
  limit: perhaps(fc.constantFrom("1", "2", "3", "100")),
});
const readMessage = fc.record({
  do: fc.constant("read message"),
  who,
  message: pickOrNone,
  address,
  elsewhere: pickOrNone,
  spelling,
  form,
});
const describe = fc.record({
  do: fc.constant("describe"),
  who,
  place: fc.constantFrom("root", "token", "conversations", "conversation", "messages", "message", "nested", "within"),
  conversation: pickOrNone,
  message: pickOrNone,
});
const unserved = fc.record({
  do: fc.constant("use an unserved method"),
  who,
  place: fc.constantFrom("conversation", "message", "conversations"),
  conversation: pickOrNone,
  message: pickOrNone,
});

const action = fc.oneof(
  { weight: 7, arbitrary: open },
  { weight: 28, arbitrary: setParticipants },
  { weight: 6, arbitrary: deleteConversation },
  { weight: 44, arbitrary: send },
  { weight: 16, arbitrary: changeMessage },
  { weight: 12, arbitrary: deleteMessage },
  { weight: 10, arbitrary: account },
  { weight: 7, arbitrary: promote },
  { weight: 1, arbitrary: changePassword },
  { weight: 3, arbitrary: login },
  { weight: 8, arbitrary: token },
  { weight: 2, arbitrary: logOut },
  { weight: 3, arbitrary: visit },
  { weight: 12, arbitrary: listConversations },
  { weight: 12, arbitrary: readConversation },
  { weight: 20, arbitrary: listMessages },
  { weight: 10, arbitrary: readPosition },
  { weight: 13, arbitrary: readMessage },
  { weight: 8, arbitrary: describe },
  { weight: 3, arbitrary: unserved },
);

/** A history begins with a few conversations and some messages in them, so that there is something to be private. */
export const history = fc.record({
  opening: fc.array(
    open.map((one) => ({ ...one, who: { ...one.who, by: "token" as const } })),
    { minLength: 1, maxLength: 3, size: "max" },
  ),
  // Any one of them can be left out (null): so a failing history shrinks to the few actions that matter.
  actions: fc.array(fc.option(action, { freq: 50 }), { minLength: 6, maxLength: 24, size: "max" }),
});

export type History = typeof history extends fc.Arbitrary<infer T> ? T : never;
export type Action = NonNullable<History["actions"][number]>;
export type ActionOf<Name extends Action["do"]> = Extract<Action, { readonly do: Name }>;
