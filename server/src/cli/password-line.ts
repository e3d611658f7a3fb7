import type { Io } from "./io.ts";
import { Refusal } from "./refusal.ts";

/** Beyond the longest password that is taken, in bytes. */
const LONGEST_LINE = 8192;
const ADVICE = `Hand it over in a pipe: printf '%s\\n' "$PASSWORD" | npx earshot … --password-stdin`;

/**
 * Reads a password: the first line of standard input, without its line break and otherwise exactly as given.
 * @throws Refusal where there is none
 */
export async function readPasswordLine(io: Io): Promise<string> {
  if (io.isInteractive) throw new Refusal("--password-stdin would show the password as it is typed.", ADVICE);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of io.stdin()) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    length += bytes.length;
    if (bytes.includes("\n") || length > LONGEST_LINE) break;
  }
  const line = decode(Buffer.concat(chunks)).replace(/\r?\n[^]*$/, "");
  if (line === "") throw new Refusal("There is no password on standard input.", ADVICE);
  return line;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("The password on standard input is not UTF-8.", "Write it in UTF-8.");
  }
}
