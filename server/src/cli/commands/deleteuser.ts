import type { UserService } from "../../users/service.ts";
import type { Io } from "../io.ts";
import { withPrompts } from "../prompts.ts";
import { Refusal } from "../refusal.ts";

/** Erases a user, after asking. */
export async function deleteUser(
  io: Io,
  users: UserService,
  name: string,
  options: { readonly yes?: true },
): Promise<void> {
  const { username } = await users.find(name);
  if (options.yes !== true) await confirm(io, username);
  await users.erase(username);
  io.out(`User '${username}' deleted.`);
}

async function confirm(io: Io, username: string): Promise<void> {
  if (!io.isInteractive) {
    throw new Refusal(
      "There is no terminal to ask at, so nothing was deleted.",
      `If you are sure: npx earshot deleteuser ${username} --yes`,
    );
  }
  io.out(`This deletes user '${username}' for good. With the user go:`);
  io.out("  - every message they sent: the others see that one was deleted, and nothing of it");
  io.out("  - their place in every conversation");
  io.out("  - their tokens and sessions");
  const typed = await withPrompts(io, (prompts) => prompts.ask("Type the user name to delete it: "));
  if (typed !== username) {
    throw new Refusal(
      `That is not '${username}': nothing was deleted.`,
      "Run the command again and type the user name.",
    );
  }
}
