import { passwordTextProblem } from "../passwords/password-text.ts";
import type { PasswordUser } from "../passwords/similarity.ts";
import { passwordProblems } from "../passwords/validators.ts";
import type { Io } from "./io.ts";
import { readPasswordLine } from "./password-line.ts";
import type { Prompts } from "./prompts.ts";
import { Refusal } from "./refusal.ts";

/** @throws Refusal saying everything the rules for passwords have against this one */
export function requireGoodPassword(password: string, user: PasswordUser): void {
  const problems = passwordProblems(password, user);
  if (problems.length > 0) throw new Refusal(problems.join("\n"), "Nothing was changed. Choose another password.");
}

/** Reads a password from standard input. @throws Refusal where there is none or the rules refuse it */
export async function readNewPassword(io: Io, user: PasswordUser): Promise<string> {
  const password = await readPasswordLine(io);
  requireGoodPassword(password, user);
  return password;
}

/** Asks for a new user's password until it is a good one, or is wanted all the same, as Django's createsuperuser does. */
export async function askNewPassword(io: Io, prompts: Prompts, user: PasswordUser): Promise<string> {
  for (;;) {
    const password = await prompts.askHidden("Password: ");
    const again = await prompts.askHidden("Password (again): ");
    if (password !== again) {
      io.err("Error: Your passwords didn't match.");
      continue;
    }
    if (password.trim() === "") {
      io.err("Error: Blank passwords aren't allowed.");
      continue;
    }
    const problems = passwordProblems(password, user);
    if (problems.length === 0) return password;
    io.err(problems.join("\n"));
    // What can be no password at all is not for bypassing.
    if (passwordTextProblem(password) !== undefined) continue;
    const response = await prompts.ask("Bypass password validation and create user anyway? [y/N]: ");
    if (response.toLowerCase() === "y") return password;
  }
}
