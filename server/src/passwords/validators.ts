import { isCommonPassword } from "./common-passwords.ts";
import { passwordTextProblem } from "./password-text.ts";
import { isDigits } from "../python-text.ts";
import { findSimilarAttribute } from "./similarity.ts";
import type { PasswordUser } from "./similarity.ts";

const MIN_LENGTH = 8;

/**
 * Says what is wrong with a new password: the four validators of Django's default AUTH_PASSWORD_VALIDATORS, in
 * their order and with their texts. A text that can be no password at all is told that alone.
 * @returns one text for each problem; none when the password is good
 */
export function passwordProblems(password: string, user: PasswordUser): string[] {
  const textProblem = passwordTextProblem(password);
  if (textProblem !== undefined) return [textProblem];

  const problems: string[] = [];
  const similar = findSimilarAttribute(password, user);
  if (similar !== undefined) problems.push(`The password is too similar to the ${similar}.`);
  if ([...password].length < MIN_LENGTH) {
    problems.push(`This password is too short. It must contain at least ${MIN_LENGTH} characters.`);
  }
  if (isCommonPassword(password)) problems.push("This password is too common.");
  if (isDigits(password)) problems.push("This password is entirely numeric.");
  return problems;
}
