import type { PasswordUser } from "../../passwords/similarity.ts";
import { UserProblem, type UserService } from "../../users/service.ts";
import type { Io } from "../io.ts";
import { askNewPassword, readNewPassword } from "../new-password.ts";
import { withPrompts } from "../prompts.ts";

export interface CreateUserOptions {
  readonly email?: string;
  readonly superuser?: true;
  readonly inactive?: true;
  readonly passwordStdin?: true;
}

/** Makes a user; without a password where none is handed over and nobody can be asked. */
export async function createUser(
  io: Io,
  users: UserService,
  username: string,
  options: CreateUserOptions,
): Promise<void> {
  const { email = "" } = options;
  // Before anybody types a password for a name that is taken; `create` looks again.
  const problems = await users.problems({ username, email });
  if (problems.length > 0) throw new UserProblem(problems);

  const password = await newPassword(io, { username, email, first_name: "", last_name: "" }, options);
  await users.create({
    username,
    email,
    password,
    is_active: options.inactive !== true,
    is_superuser: options.superuser === true,
  });
  io.out(`User '${username}' created.`);
  if (password === undefined) {
    io.out(`No password was given: nobody can log in as '${username}' until you set one.`);
    io.out(`Run: npx earshot changepassword ${username}`);
  }
}

async function newPassword(io: Io, user: PasswordUser, options: CreateUserOptions): Promise<string | undefined> {
  if (options.passwordStdin === true) return readNewPassword(io, user);
  return io.isInteractive ? withPrompts(io, (prompts) => askNewPassword(io, prompts, user)) : undefined;
}
