/**
 * Migrates and fills the database that the environment's settings name with what the peer's `seed_demo` makes: a process
 * of its own, ended before any server starts on its files.
 */
import { createContext, loadConfig, migrate } from "@earshot/server";
import { textField } from "./api.ts";
import { seed, seededName } from "./target.ts";

const context = createContext(await loadConfig());
await migrate(context.database, context.clock.moment());

const usernames = Array.from({ length: seed.users }, (_, n) => seededName(n)).toSorted();
// One after the other: what is sorted by an id is then in the same order on both engines.
const people: { user_id: string }[] = [];
for (const username of usernames) {
  const { user_id } = await context.users.create({
    username,
    email: `${username}@example.com`,
    password: seed.password,
  });
  people.push({ user_id });
}
const person = (n: number) => {
  const found = people[n % people.length];
  if (found === undefined) throw new Error("nobody to seed with");
  return found;
};
const conditions = {
  authorize: () => {},
  absent: () => new Error("a conversation is missing"),
  confirmed: Promise.resolve(),
};

/** One message after the other, too. */
async function converse(conversation: string, n: number): Promise<void> {
  const [opener, other] = [person(n), person(n * 7 + 1)];
  for (let k = 0; k < seed.messages; k += 1) {
    const message = { message_body: `message ${k}` };
    await context.messages.send(k % 2 === 0 ? opener : other, conversation, message, conditions);
  }
}

const conversations: string[] = [];
for (let n = 0; n < seed.conversations; n += 1) {
  const participants = [person(n * 7 + 1).user_id];
  const created: unknown = JSON.parse(await context.conversations.create(person(n), { participants }, 0));
  conversations.push(textField(created, "conversation_id"));
}
await Promise.all(conversations.map(converse));
await context.close();
