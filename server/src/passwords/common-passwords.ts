import { readFileSync } from "node:fs";
import { strip } from "../python-text.ts";

const LIST = new URL("./common/passwords.txt", import.meta.url);
const NEWLINE = Buffer.from("\n");

/**
 * Whether the password is one of the most common ones, in any case and with white space around it. The list is
 * read for each question and not kept: new passwords are rare, and hashing one takes a hundred times as long.
 */
export function isCommonPassword(password: string): boolean {
  const line = strip(password.toLowerCase());
  if (line.includes("\n")) return false;
  return Buffer.concat([NEWLINE, readFileSync(LIST)]).includes(`\n${line}\n`);
}
