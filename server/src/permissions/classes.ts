import type { Method, Permission, Subject } from "./permission.ts";

const isSafe = (method: Method) => method === "GET" || method === "HEAD" || method === "OPTIONS";
const takesPart = (subject: Subject) => subject.kind !== "owned" && subject.membership !== undefined;

/** Everyone, known or not: for the routes where one signs in, and for pages. */
export const AllowAny: Permission = {
  name: "AllowAny",
  allows: () => true,
  allowsObject: () => true,
};

export const IsAuthenticated: Permission = {
  name: "IsAuthenticated",
  allows: (caller) => caller !== undefined,
  allowsObject: () => true,
};

/** Only what one takes part in, sent, received or owns. */
export const CanAccessOwnData: Permission = {
  name: "CanAccessOwnData",
  allows: (caller) => caller !== undefined,
  allowsObject: (caller, method, subject) => takesPart(subject) || IsOwner.allowsObject(caller, method, subject),
};

/** Messages one sent or received: read by every participant of their conversation, changed by their sender alone. */
export const IsMessageOwner: Permission = {
  name: "IsMessageOwner",
  allows: () => true,
  allowsObject: (caller, method, subject) => {
    if (subject.kind !== "message") return true;
    return takesPart(subject) && (isSafe(method) || subject.sender_id === caller.user_id);
  },
};

/** Conversations one takes part in. */
export const IsConversationParticipant: Permission = {
  name: "IsConversationParticipant",
  message: "You are not a participant of this conversation.",
  allows: () => true,
  allowsObject: (_, __, subject) => takesPart(subject),
};

/** Objects that belong to the caller: a conversation to the participant who opened it. */
export const IsOwner: Permission = {
  name: "IsOwner",
  allows: () => true,
  allowsObject: (caller, _, subject) => {
    if (subject.kind === "owned") return subject.user_id === caller.user_id;
    return subject.kind === "conversation" && subject.membership === "owner";
  },
};

/** Conversations in which the caller is an admin. */
export const IsConversationAdmin: Permission = {
  name: "IsConversationAdmin",
  allows: () => true,
  allowsObject: (_, __, subject) => subject.kind === "conversation" && subject.membership === "admin",
};
