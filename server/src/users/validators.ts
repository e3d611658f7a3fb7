/** Django's UnicodeUsernameValidator and EmailField, with their texts. */

const USERNAME = /^[\p{L}\p{N}\p{M}_.@+-]+$/u;
const USERNAME_MAX_LENGTH = 150;
const EMAIL = /^[^\s@"(),:;<>[\]\\]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u;
const LOCALHOST_EMAIL = /^[^\s@"(),:;<>[\]\\]+@localhost$/;
const EMAIL_MAX_LENGTH = 254;

export function usernameProblems(username: string): string[] {
  if (username === "") return ["This field cannot be blank."];
  const problems: string[] = [];
  if (!USERNAME.test(username)) {
    problems.push("Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.");
  }
  const { length } = [...username];
  if (length > USERNAME_MAX_LENGTH) {
    problems.push(`Ensure this value has at most ${USERNAME_MAX_LENGTH} characters (it has ${length}).`);
  }
  return problems;
}

/** An address may be left blank. */
export function emailProblems(email: string): string[] {
  if (email === "") return [];
  const isAddress = (EMAIL.test(email) || LOCALHOST_EMAIL.test(email)) && email.length <= EMAIL_MAX_LENGTH;
  return isAddress ? [] : ["Enter a valid email address."];
}
