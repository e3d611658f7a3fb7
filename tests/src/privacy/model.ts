import type { ParticipantRole } from "@earshot/protocol";

/** What one history knows: the rules of who may see and do what, over lists. The server is compared with it. */
export interface Person {
  readonly user_id: string;
  readonly username: string;
  readonly first_name: string;
  readonly email: string;
  readonly role: "guest" | "admin";
  readonly created_at: string;
  state: "active" | "inactive" | "deleted";
}

export interface Message {
  readonly message_id: string;
  readonly conversation: Conversation;
  readonly sender: Person;
  readonly client_id: string | null;
  /** As it was sent, whatever became of it. */
  readonly sent_body: string;
  readonly seq: number;
  readonly sent_at: string;
  message_body: string;
  isDeleted: boolean;
}

interface Participation {
  role: ParticipantRole;
  takesPart: boolean;
  /** The change by which they (re-)joined: what came before counts as read. */
  joined_seq: number;
}

export interface Conversation {
  readonly conversation_id: string;
  readonly created_at: string;
  readonly participations: Map<Person, Participation>;
  /** In the order sent, deleted ones too. */
  readonly messages: Message[];
  /** The number of its last change. */
  seq: number;
  isDeleted: boolean;
}

export class Model {
  readonly people: Person[] = [];
  /** In the order opened, deleted ones too. */
  readonly conversations: Conversation[] = [];
  /** In the order sent, deleted ones too. */
  readonly messages: Message[] = [];

  /** Visible is what one takes part in now. */
  conversationsOf(person: Person): Conversation[] {
    return this.conversations.filter((conversation) => takesPart(conversation, person));
  }

  /** Who takes part sees the whole past, also after they were away. */
  messagesOf(person: Person): Message[] {
    return this.messages.filter((message) => isVisible(message, person));
  }

  open(owner: Person, others: readonly Person[], given: { conversation_id: string; created_at: string }): Conversation {
    const conversation: Conversation = {
      ...given,
      participations: new Map(),
      messages: [],
      seq: 1,
      isDeleted: false,
    };
    for (const person of new Set([owner, ...others])) {
      const role = person === owner ? "owner" : "member";
      conversation.participations.set(person, { role, takesPart: true, joined_seq: 1 });
    }
    this.conversations.push(conversation);
    return conversation;
  }

  /** Every removal and every joining is a change of its own; removals come first. */
  setParticipants(conversation: Conversation, wanted: ReadonlySet<Person>): void {
    for (const person of participantsOf(conversation)) {
      if (!wanted.has(person)) this.#remove(conversation, person);
    }
    for (const person of wanted) {
      if (takesPart(conversation, person)) continue;
      conversation.seq += 1;
      conversation.participations.set(person, { role: "member", takesPart: true, joined_seq: conversation.seq });
    }
  }

  deleteConversation(conversation: Conversation): void {
    conversation.isDeleted = true;
  }

  send(message: Omit<Message, "seq" | "message_body" | "isDeleted">): Message {
    const { conversation } = message;
    conversation.seq += 1;
    const sent = { ...message, seq: conversation.seq, message_body: message.sent_body, isDeleted: false };
    conversation.messages.push(sent);
    this.messages.push(sent);
    return sent;
  }

  /** The same text again changes nothing. */
  change(message: Message, message_body: string): void {
    if (message.message_body === message_body) return;
    message.conversation.seq += 1;
    message.message_body = message_body;
  }

  deleteMessage(message: Message): void {
    message.conversation.seq += 1;
    message.isDeleted = true;
  }

  /** Erases all they wrote, also where they take no part any more, and takes them out of every conversation. */
  erase(person: Person): void {
    for (const message of this.messages) {
      if (message.sender === person && !message.isDeleted) this.deleteMessage(message);
    }
    for (const conversation of this.conversations) {
      if (takesPart(conversation, person)) this.#remove(conversation, person);
    }
    person.state = "deleted";
  }

  #remove(conversation: Conversation, person: Person): void {
    const participation = conversation.participations.get(person);
    if (participation === undefined) return;
    conversation.seq += 1;
    participation.takesPart = false;
  }
}

export const participationOf = (conversation: Conversation, person: Person): Participation | undefined => {
  const participation = conversation.participations.get(person);
  return conversation.isDeleted || !participation?.takesPart ? undefined : participation;
};

export const takesPart = (conversation: Conversation, person: Person): boolean =>
  participationOf(conversation, person) !== undefined;

export const participantsOf = (conversation: Conversation): Person[] =>
  [...conversation.participations.keys()].filter((person) => takesPart(conversation, person));

export const isVisible = (message: Message, person: Person): boolean =>
  !message.isDeleted && takesPart(message.conversation, person);

/** Whoever may remove others and delete for all. */
export const manages = (conversation: Conversation, person: Person): boolean => {
  const role = participationOf(conversation, person)?.role;
  return role === "owner" || role === "admin";
};

export const liveMessages = (conversation: Conversation): Message[] =>
  conversation.messages.filter((message) => !message.isDeleted);

export const unreadCount = (conversation: Conversation, person: Person): number => {
  const joined = participationOf(conversation, person)?.joined_seq ?? 0;
  return liveMessages(conversation).filter(({ sender, seq }) => sender !== person && seq > joined).length;
};
