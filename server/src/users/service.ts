import { randomUUIDv7 } from "node:crypto";

import type { Clock } from "../clock.ts";
import { conversationsOf, removeParticipant } from "../conversations/participants-store.ts";
import { nextSeqForAll } from "../conversations/store.ts";
import type { Database } from "../db/database.ts";
import { all, first, type Transaction } from "../db/transaction.ts";
import { type ErasableMessage, eraseOne } from "../messages/service.ts";
import { messageExists, messagesOf } from "../messages/store.ts";
import type { Passwords } from "../passwords/passwords.ts";
import { deleteSessionsOfUser } from "../sessions/store.ts";
import { deleteTokensOfUser } from "../tokens/store.ts";
import { usernameProblems, emailProblems } from "./validators.ts";
import { eraseUser, findAnyone, findByEmail, findByUsername, insertUser, setActive, setPassword } from "./store.ts";

interface NewUser {
  readonly username: string;
  /** None: nobody can log in as this user until a password is set. */
  readonly password: string | undefined;
  readonly email?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly is_active?: boolean;
  readonly is_superuser?: boolean;
}

/** What is wrong with what was asked, in sentences for a person. Nothing was changed. */
export class UserProblem extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

interface KnownUser {
  readonly user_id: string;
  readonly username: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
}

/** Users as their administrator handles them. */
export interface UserService {
  /** Whether there is any user yet. */
  exist(): Promise<boolean>;
  /** @throws UserProblem where there is no such user */
  find(username: string): Promise<KnownUser>;
  /** What is wrong with a name or an address for a new user; nothing if they can be used. */
  problems(user: { username: string; email: string }): Promise<string[]>;
  /** @throws UserProblem for a name or an address that is taken or none */
  create(user: NewUser): Promise<{ readonly user_id: string }>;
  /** Sessions opened under the old password end. @throws UserProblem */
  setPassword(username: string, password: string): Promise<void>;
  /** @throws UserProblem */
  setActive(username: string, is_active: boolean): Promise<void>;
  /** Erases a user with all they wrote; they leave every conversation. @throws UserProblem */
  erase(username: string): Promise<void>;
}

interface Dependencies {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly clock: Clock;
}

export function createUserService({ database, passwords, clock }: Dependencies): UserService {
  const find = async (username: string): Promise<KnownUser> => {
    const user = await database.first(findByUsername, { username: username.normalize("NFKC") });
    if (user === undefined) throw new UserProblem([`user '${username}' does not exist`]);
    return user;
  };

  function* problems({ username, email }: { username: string; email: string }): Transaction<string[]> {
    const found = [...usernameProblems(username), ...emailProblems(email)];
    if ((yield* first(findByUsername, { username })) !== undefined)
      found.push("A user with that username already exists.");
    if ((yield* first(findByEmail, { email })) !== undefined) found.push("A user with that email already exists.");
    return found;
  }

  return {
    async exist() {
      return (await database.first(findAnyone, {})) !== undefined;
    },

    find,

    problems: ({ username, email }) => database.write(() => problems({ username: username.normalize("NFKC"), email })),

    async create(user) {
      const { email = "", first_name = "", last_name = "", is_active = true, is_superuser = false } = user;
      const username = user.username.normalize("NFKC");
      const password = user.password === undefined ? passwords.makeUnusable() : await passwords.hash(user.password);
      return database.write(function* () {
        const found = yield* problems({ username, email });
        if (found.length > 0) throw new UserProblem(found);
        const user_id = randomUUIDv7();
        yield* all(insertUser, {
          user: user_id,
          username,
          email,
          first_name,
          last_name,
          password,
          is_active: is_active ? 1 : 0,
          is_superuser: is_superuser ? 1 : 0,
          role: is_superuser ? "admin" : "guest",
          now: clock.moment(),
        });
        return { user_id };
      });
    },

    async setPassword(username, password) {
      const { user_id } = await find(username);
      const encoded = await passwords.hash(password);
      await database.write(() => all(setPassword, { user: user_id, password: encoded }));
    },

    async setActive(username, is_active) {
      const { user_id } = await find(username);
      await database.write(() => all(setActive, { user: user_id, is_active: is_active ? 1 : 0 }));
    },

    async erase(username) {
      const { user_id } = await find(username);
      // First nobody can write as this user any more; what was written goes a little at a time, so that others can write too.
      await database.write(() => withdraw(user_id, clock.moment()));
      for (;;) {
        const messages = await database.all(messagesOf, { user: user_id, limit: ERASED_AT_ONCE });
        if (messages.length === 0) break;
        await database.write(() => eraseAll(messages, clock.moment()));
      }
      await database.write(() => eraseAccount(user_id, clock.moment()));
    },
  };
}

function* nextChange(conversation: string): Transaction<number> {
  const change = yield* first(nextSeqForAll, { conversation });
  if (change === undefined) throw new Error("a participant of no conversation");
  return change.seq;
}

/** How many messages one transaction erases. */
const ERASED_AT_ONCE = 200;

/** Takes a user out of every conversation, and lets them in no more. */
function* withdraw(user: string, now: string): Transaction<void> {
  yield* all(setActive, { user, is_active: 0 });
  for (const { conversation_id } of yield* all(conversationsOf, { user })) {
    const seq = yield* nextChange(conversation_id);
    yield* all(removeParticipant, { conversation: conversation_id, user, seq, now });
  }
}

function* eraseAll(messages: readonly ErasableMessage[], now: string): Transaction<void> {
  // Conversations are locked in one order by all, so that no two wait for each other.
  for (const message of messages.toSorted(byConversation)) {
    const seq = yield* nextChange(message.conversation_id);
    // With the conversation locked: it may have been erased since it was looked up.
    if ((yield* first(messageExists, { message: message.message_id })) !== undefined)
      yield* eraseOne(message, seq, now);
  }
}

const byConversation = (a: ErasableMessage, b: ErasableMessage) =>
  a.conversation_id < b.conversation_id ? -1 : Number(a.conversation_id > b.conversation_id);

function* eraseAccount(user: string, now: string): Transaction<void> {
  // Somebody may have taken them into a conversation meanwhile.
  yield* withdraw(user, now);
  yield* all(deleteTokensOfUser, { user });
  yield* all(deleteSessionsOfUser, { user });
  yield* all(eraseUser, { user, now });
}
