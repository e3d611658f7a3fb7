import { passwordProblems } from "../../passwords/validators.ts";
import type { PasswordUser } from "../../passwords/similarity.ts";
import type { UserService } from "../../users/service.ts";
import type { Io } from "../io.ts";
import { readNewPassword } from "../new-password.ts";
import { type Prompts, withPrompts } from "../prompts.ts";
import { Refusal } from "../refusal.ts";

/** As in Django's command. */
const MAX_TRIES = 3;

/** Sets a user's password; cookie sessions opened under the old one end. */
export async function changePassword(
  io: Io,
  users: UserService,
  username: string,
  options: { readonly passwordStdin?: true },
): Promise<void> {
  const user = await users.find(username);
  const { passwordStdin = false } = options;
  if (!passwordStdin && !io.isInteractive) {
    throw new Refusal(
      "There is no terminal to ask for the password at.",
      `Run it in a terminal, or: printf '%s\\n' "$PASSWORD" | npx earshot changepassword ${username} --password-stdin`,
    );
  }
  io.out(`Changing password for user '${user.username}'`);
  const password = passwordStdin
    ? await readNewPassword(io, user)
    : await withPrompts(io, (prompts) => ask(io, prompts, user));
  await users.setPassword(user.username, password);
  io.out(`Password changed successfully for user '${user.username}'`);
}

async function ask(io: Io, prompts: Prompts, user: PasswordUser): Promise<string> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const password = await prompts.askHidden("Password: ");
    if (password === "") throw new Refusal("aborted", "Nothing was changed.");
    const again = await prompts.askHidden("Password (again): ");
    if (password !== again) {
      io.out("Passwords do not match. Please try again.");
      continue;
    }
    const problems = passwordProblems(password, user);
    if (problems.length === 0) return password;
    io.err(problems.join("\n"));
  }
  throw new Refusal(
    `Aborting password change for user '${user.username}' after ${MAX_TRIES} attempts`,
    "Nothing was changed. Run the command again with a password that the rules above allow.",
  );
}
