import { isatty } from "node:tty";

/** The terminal, or whatever stands in its place. */
export interface Io {
  /** Opened when first used. */
  readonly stdin: () => NodeJS.ReadStream;
  readonly stdout: NodeJS.WritableStream;
  /** Whether a person sits there who can be asked. */
  readonly isInteractive: boolean;
  /** Writes a line, or several, to standard output. */
  out(text: string): void;
  /** Writes a line, or several, to standard error. */
  err(text: string): void;
}

export function processIo(): Io {
  const { stdout, stderr } = process;
  // A reader that goes away (`earshot routes | head`, a closed terminal) is no failure of the command.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  return {
    stdin: () => process.stdin,
    stdout,
    isInteractive: isatty(0) && isatty(1),
    out: (text) => stdout.write(`${text}\n`),
    err: (text) => stderr.write(`${text}\n`),
  };
}
