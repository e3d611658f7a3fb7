import type { Command } from "commander";

import { loadConfig, readSuperuserEnvironment } from "../config.ts";
import type { UserService } from "../users/service.ts";
import type { CreateSuperuserOptions } from "./commands/createsuperuser.ts";
import type { CreateUserOptions } from "./commands/createuser.ts";
import type { Io } from "./io.ts";

const NAME = "the user name; capitals count";
const PASSWORD_STDIN = "read the password from the first line of standard input";

/** The commands that handle users. */
export function addUserCommands(program: Command, io: Io): void {
  program
    .command("createsuperuser")
    .summary("make a user who may do everything")
    .description(
      "Makes a user who may do everything; asks for what is not given. With --noinput the environment gives the rest: " +
        "EARSHOT_SUPERUSER_PASSWORD, EARSHOT_SUPERUSER_USERNAME and EARSHOT_SUPERUSER_EMAIL. Without a password there, nobody can log in until changepassword sets one.",
    )
    .option("--username <name>", "the user name")
    .option("--email <address>", "the e-mail address")
    .option("--noinput", "ask nothing")
    .action(async (options: CreateSuperuserOptions) => {
      const { createSuperuser } = await import("./commands/createsuperuser.ts");
      await withUsers((users) => createSuperuser(io, users, options, readSuperuserEnvironment()));
    });

  program
    .command("createuser")
    .summary("make a user")
    .description(
      "Makes a user. Asks for the password at a terminal; elsewhere, without --password-stdin, the user has none and " +
        "cannot log in until changepassword sets one.",
    )
    .argument("<name>", "the user name")
    .option("--email <address>", "the e-mail address")
    .option("--superuser", "may do everything")
    .option("--inactive", "cannot log in until activateuser")
    .option("--password-stdin", PASSWORD_STDIN)
    .action(async (name: string, options: CreateUserOptions) => {
      const { createUser } = await import("./commands/createuser.ts");
      await withUsers((users) => createUser(io, users, name, options));
    });

  program
    .command("changepassword")
    .summary("set a user's password")
    .description("Sets a user's password; cookie sessions opened under the old one end. Asks for it at a terminal.")
    .argument("<name>", NAME)
    .option("--password-stdin", PASSWORD_STDIN)
    .action(async (name: string, options: { passwordStdin?: true }) => {
      const { changePassword } = await import("./commands/changepassword.ts");
      await withUsers((users) => changePassword(io, users, name, options));
    });

  program
    .command("activateuser")
    .summary("let a deactivated user log in again")
    .description("Lets a deactivated user log in again.")
    .argument("<name>", NAME)
    .action(async (name: string) => {
      const { activateUser } = await import("./commands/activateuser.ts");
      await withUsers((users) => activateUser(io, users, name));
    });

  program
    .command("deactivateuser")
    .summary("shut a user out, deleting nothing")
    .description("Shuts a user out, tokens and sessions included. Nothing is deleted.")
    .argument("<name>", NAME)
    .action(async (name: string) => {
      const { deactivateUser } = await import("./commands/deactivateuser.ts");
      await withUsers((users) => deactivateUser(io, users, name));
    });

  program
    .command("deleteuser")
    .summary("erase a user with all they wrote")
    .description("Erases a user with every message they sent; asks first. To shut a user out instead: deactivateuser.")
    .argument("<name>", NAME)
    .option("--yes", "do not ask")
    .action(async (name: string, options: { yes?: true }) => {
      const { deleteUser } = await import("./commands/deleteuser.ts");
      await withUsers((users) => deleteUser(io, users, name, options));
    });
}

async function withUsers(work: (users: UserService) => Promise<void>): Promise<void> {
  const [{ withContext }, config] = await Promise.all([import("./open.ts"), loadConfig()]);
  await withContext(config, ({ users }) => work(users));
}
