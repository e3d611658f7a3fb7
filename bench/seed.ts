/**
 * Migrates and fills the database that the environment's settings name with what the peer's `seed_demo` makes: a process
 * of its own, ended before any server starts on its files.
 */
import { createContext, loadConfig, migrate } from "@earshot/server";
import { textField } from "./api.ts";
import { seed, seededName } from "./target.ts";

const context = createContext(await loadConfig());
migrate(context.database, context.clock.moment());

const usernames = Array.from({ length: seed.users }, (_, n) => seededName(n)).toSorted();
const people = await Promise.all(
  usernames.map(async (username) => {
    const email = `${username}@example.com`;
    const { user_id } = await context.users.create({ username, email, password: seed.password });
    return { user_id, username, is_superuser: false };
  }),
);
const person = (n: number) => {
  const found = people[n % people.length];
  if (found === undefined) throw new Error("nobody to seed with");
  return found;
};
const absent = () => new Error("a conversation is missing");

for (let n = 0; n < seed.conversations; n += 1) {
  const [opener, other] = [person(n), person(n * 7 + 1)];
  const created: unknown = JSON.parse(await context.conversations.create(opener, { participants: [other.user_id] }, 0));
  const conversation = textField(created, "conversation_id");
  await Promise.all(
    Array.from({ length: seed.messages }, (_, k) => {
      const message = { message_body: `message ${k}` };
      return context.messages.send(k % 2 === 0 ? opener : other, conversation, message, () => {}, absent);
    }),
  );
}
await context.close();
