import { userInfo } from "node:os";

import type { SuperuserEnvironment } from "../../config.ts";
import type { UserService } from "../../users/service.ts";
import type { Io } from "../io.ts";
import { askNewPassword, requireGoodPassword } from "../new-password.ts";
import { type Prompts, withPrompts } from "../prompts.ts";
import { Refusal } from "../refusal.ts";

export interface CreateSuperuserOptions {
  readonly username?: string;
  readonly email?: string;
  readonly noinput?: true;
}

/** Makes a user who may do everything, asking for what the options leave open. */
export async function createSuperuser(
  io: Io,
  users: UserService,
  options: CreateSuperuserOptions,
  environment: SuperuserEnvironment,
): Promise<void> {
  if (options.noinput === true) {
    await createUnasked(io, users, options, environment);
  } else {
    if (!io.isInteractive) {
      throw new Refusal(
        "There is no terminal to ask at, so no superuser was created.",
        "Run it in a terminal, or: EARSHOT_SUPERUSER_PASSWORD=… npx earshot createsuperuser --noinput --username NAME",
      );
    }
    await withPrompts(io, (prompts) => createAsked(io, users, options, prompts));
  }
  io.out("Superuser created successfully.");
}

async function createUnasked(
  io: Io,
  users: UserService,
  options: CreateSuperuserOptions,
  environment: SuperuserEnvironment,
): Promise<void> {
  const { username = environment.username, email = environment.email ?? "" } = options;
  if (username === undefined) {
    throw new Refusal(
      "You must use --username with --noinput.",
      "Add --username NAME, or set EARSHOT_SUPERUSER_USERNAME.",
    );
  }
  const { password } = environment;
  if (password !== undefined) requireGoodPassword(password, { username, email, first_name: "", last_name: "" });
  await users.create({ username, email, password, is_superuser: true });
  if (password === undefined) {
    io.out(`EARSHOT_SUPERUSER_PASSWORD is not set: nobody can log in as '${username}' until you set a password.`);
    io.out(`Run: npx earshot changepassword ${username}`);
  }
}

async function createAsked(
  io: Io,
  users: UserService,
  options: CreateSuperuserOptions,
  prompts: Prompts,
): Promise<void> {
  const suggested = await suggestUsername(users);
  const hint = suggested === "" ? "" : ` (leave blank to use '${suggested}')`;
  const username = await askUntilGood(
    options.username,
    async () => (await prompts.ask(`Username${hint}: `)) || suggested,
    (name) => users.problems({ username: name, email: "" }),
    io,
  );
  const email = await askUntilGood(
    options.email,
    () => prompts.ask("Email address: "),
    (address) => users.problems({ username, email: address }),
    io,
  );
  const password = await askNewPassword(io, prompts, { username, email, first_name: "", last_name: "" });
  await users.create({ username, email, password, is_superuser: true });
}

async function askUntilGood(
  given: string | undefined,
  ask: () => Promise<string>,
  findProblems: (value: string) => Promise<string[]>,
  io: Io,
): Promise<string> {
  for (let value = given ?? (await ask()); ; value = await ask()) {
    const problems = await findProblems(value);
    if (problems.length === 0) return value;
    io.err(`Error: ${problems.join("; ")}`);
  }
}

/** The name of the system's user, as Django offers it; the empty string where it cannot be used. */
async function suggestUsername(users: UserService): Promise<string> {
  const username = systemUsername();
  return (await users.problems({ username, email: "" })).length === 0 ? username : "";
}

function systemUsername(): string {
  try {
    return userInfo().username.normalize("NFKD").replaceAll(/[^\w]/g, "").toLowerCase();
  } catch {
    // A container may run under an id that has no name.
    return "";
  }
}
