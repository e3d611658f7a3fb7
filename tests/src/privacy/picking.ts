import type { Account } from "./accounts.ts";
import type { Credentials } from "./credentials.ts";
import { type Conversation, manages, type Message, participantsOf, type Person, takesPart } from "./model.ts";
import type { Run, Sender } from "./run.ts";

/** One of a list; undefined for null and where there is none. */
export const pickOf = <T>(list: readonly T[], pick: number | null): T | undefined =>
  pick === null ? undefined : list[pick % list.length];

export const conversationAt = (run: Run, pick: number | null): Conversation | undefined =>
  pickOf(run.model.conversations, pick);

export const messageAt = (run: Run, pick: number | null): Message | undefined => pickOf(run.model.messages, pick);

export const idOf = (run: Run, conversation: Conversation | undefined): string =>
  conversation?.conversation_id ?? run.unknownId;

export const personIdOf = (run: Run, person: Person | undefined): string => person?.user_id ?? run.unknownId;

export function accountAt(run: Run, pick: number): Account {
  const account = pickOf(run.people, pick);
  if (account === undefined) throw new Error("a history without people");
  return account;
}

export interface Who {
  readonly person: number | "author";
  readonly by: Credentials;
}

/** @param author whom `author` stands for, where there is one */
export function senderOf(run: Run, { person, by }: Who, author?: Person): Sender {
  const account = person === "author" ? run.people.find((one) => one.person === author) : accountAt(run, person);
  return { account: account ?? accountAt(run, 0), credentials: by };
}

/** Who may do most in a conversation; an admin rather than its owner, whom nobody removes. */
export const managerOf = (conversation: Conversation | undefined): Person | undefined =>
  conversation && participantsOf(conversation).findLast((person) => manages(conversation, person));

/** Whoever took part in a conversation and does no more. */
export const whoLeft = ({ model }: Run): Person[] =>
  model.conversations.flatMap((one) =>
    [...one.participations.keys()].filter((participant) => !takesPart(one, participant)),
  );

/** What was sent under a `client_id`, and so can be sent once more. */
export const repeatable = ({ model }: Run): Message[] => model.messages.filter(({ client_id }) => client_id !== null);

type Address = "top" | "nested" | "elsewhere";

/** How a request names one message, and whether that is a place where it can be found. */
export interface MessagePlace {
  readonly path: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly isRight: boolean;
}

export function placeOf(
  run: Run,
  message: Message | undefined,
  address: Address,
  elsewhere: number | null,
): MessagePlace {
  const message_id = message?.message_id ?? run.unknownId;
  if (address === "top") return { path: "/api/messages/:message_id/", ids: { message_id }, isRight: true };
  const conversation = address === "nested" ? message?.conversation : conversationAt(run, elsewhere);
  return {
    path: "/api/conversations/:conversation_id/messages/:message_id/",
    ids: { conversation_id: idOf(run, conversation), message_id },
    isRight: conversation !== undefined && conversation === message?.conversation,
  };
}

/** The message, where this person finds it at that place. */
export const findAt = (message: Message | undefined, { isRight }: MessagePlace): Message | undefined =>
  isRight && message !== undefined && !message.isDeleted ? message : undefined;

export const newestQuery = (newest: number | undefined): URLSearchParams =>
  new URLSearchParams(newest === undefined ? {} : { messages: String(newest) });

/** How many of its newest messages a conversation carries where nobody says how many. */
export const NEWEST = 20;
