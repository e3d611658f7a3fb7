import { CommanderError } from "commander";

import { type Io, processIo } from "./io.ts";
import { createProgram } from "./program.ts";
import { failureLines } from "./report.ts";

/**
 * Runs one command line.
 * @param argv the arguments after `earshot`
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  let code = 0;
  const program = createProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    for (const line of failureLines(error)) io.err(line);
    return 1;
  }
}
