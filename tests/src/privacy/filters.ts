import type { ActionOf } from "./history.ts";
import { type Conversation, type Message, participantsOf, type Person } from "./model.ts";
import { conversationAt, idOf, messageAt, personIdOf, pickOf, whoLeft } from "./picking.ts";
import type { Run } from "./run.ts";

type ConversationFilters = ActionOf<"list conversations">;
type MessageFilters = Partial<ActionOf<"list messages">["filters"]>;
type Search = MessageFilters["search"];

/** Writes filters into a query and says what they leave of someone's conversations, in order. */
export function chooseConversations(run: Run, filters: ConversationFilters, query: URLSearchParams) {
  const { model } = run;
  const tests: ((conversation: Conversation) => boolean)[] = [];
  if (filters.participant !== undefined) {
    const participant = namedBy(run, filters.participant);
    query.set("participant", personIdOf(run, participant));
    tests.push((one) => participant !== undefined && participantsOf(one).includes(participant));
  }
  const placeOf = (conversation: Conversation) => model.conversations.indexOf(conversation);
  const dated = (name: "created_after" | "created_before", fits: (place: number, limit: number) => boolean) => {
    const limit = filters[name] === undefined ? undefined : conversationAt(run, filters[name]);
    if (limit === undefined) return;
    query.set(name, limit.created_at);
    tests.push((one) => fits(placeOf(one), placeOf(limit)));
  };
  dated("created_after", (place, limit) => place >= limit);
  dated("created_before", (place, limit) => place <= limit);
  const words = searchWords(run, filters.search, query);
  // All words are found in one participant's name or address.
  tests.push(
    (one) =>
      words.length === 0 ||
      participantsOf(one).some(({ username, email }) => words.every((word) => has(username, word) || has(email, word))),
  );
  if (filters.ordering !== undefined) query.set("ordering", filters.ordering);
  const isOldestFirst = filters.ordering === "created_at";

  return (caller: Person): Conversation[] => {
    const chosen = model.conversationsOf(caller).filter((one) => tests.every((test) => test(one)));
    return isOldestFirst ? chosen : chosen.toReversed();
  };
}

/** Writes filters into a query and says what they leave of someone's messages, in order. */
export function chooseMessages(run: Run, filters: MessageFilters, query: URLSearchParams) {
  const { model } = run;
  const tests: ((message: Message) => boolean)[] = [];
  if (filters.conversation !== undefined) {
    const conversation = conversationAt(run, filters.conversation);
    query.set("conversation", idOf(run, conversation));
    tests.push((one) => one.conversation === conversation);
  }
  if (filters.sender !== undefined) {
    const sender = namedBy(run, filters.sender);
    query.set("sender", personIdOf(run, sender));
    tests.push((one) => one.sender === sender);
  }
  if (filters.participant !== undefined) {
    const participant = namedBy(run, filters.participant);
    query.set("participant", personIdOf(run, participant));
    tests.push(({ conversation }) => participant !== undefined && participantsOf(conversation).includes(participant));
  }
  const placeOf = (message: Message) => model.messages.indexOf(message);
  const dated = (
    name: "sent_after" | "sent_before" | "start_date" | "end_date",
    fits: (place: number, limit: number) => boolean,
  ) => {
    const limit = filters[name] === undefined ? undefined : messageAt(run, filters[name]);
    if (limit === undefined) return;
    query.set(name, limit.sent_at);
    tests.push((one) => fits(placeOf(one), placeOf(limit)));
  };
  const [notBefore, notAfter] = [
    (place: number, limit: number) => place >= limit,
    (place: number, limit: number) => place <= limit,
  ];
  dated("sent_after", notBefore);
  dated("start_date", notBefore);
  dated("sent_before", notAfter);
  dated("end_date", notAfter);
  const words = searchWords(run, filters.search, query);
  tests.push((one) => words.every((word) => has(one.message_body, word)));
  if (filters.ordering !== undefined) query.set("ordering", filters.ordering);
  const isNewestFirst = filters.ordering === "-sent_at";

  return (caller: Person): Message[] => {
    const chosen = model.messagesOf(caller).filter((one) => tests.every((test) => test(one)));
    return isNewestFirst ? chosen.toReversed() : chosen;
  };
}

/** Writes a search into the query and says which words it asks for, whoever may find them. */
function searchWords(run: Run, search: Search, query: URLSearchParams): string[] {
  if (search === undefined) return [];
  const message = messageAt(run, search.of);
  // Of an edited message also the text that is no more.
  const body = search.of % 2 === 0 ? message?.message_body : message?.sent_body;
  const person = pickOf(run.model.people, search.of);
  const words = {
    left: [pickOf(whoLeft(run), search.of)?.username ?? "nobody"],
    note: ["note"],
    zq: ["zq"],
    body: [body?.split(" ")[1] ?? "nothing"],
    user: [person?.username ?? ""],
    mail: [person?.email ?? ""],
    two: body === undefined ? [person?.username ?? "", person?.email ?? ""] : body.split(" "),
    "%": ["%"],
    _: ["_"],
  }[search.for];
  const given = search.upper ? words.map((word) => word.toUpperCase()) : words;
  query.set("search", given.join(" "));
  return given;
}

const namedBy = (run: Run, pick: number | "left" | null): Person | undefined =>
  pick === "left" ? whoLeft(run).at(-1) : pickOf(run.model.people, pick);

const has = (text: string, word: string): boolean => text.toLowerCase().includes(word.toLowerCase());
