import { Command } from "commander";

import { VERSION } from "../version.ts";
import type { Io } from "./io.ts";
import { addMaintenanceCommands } from "./maintenance-commands.ts";
import { addServerCommands } from "./server-commands.ts";
import { addUserCommands } from "./user-commands.ts";

const SETTINGS_HELP = `
Settings come from the environment and from earshot.settings.ts in the working
folder. Every command works while the server runs.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage.`;

/**
 * The grammar of the command line. The code of a command is loaded when it is called.
 * @param exitWith takes the exit code of a command that was done and has one of its own
 */
export function createProgram(io: Io, exitWith: (code: number) => void): Command {
  const program = new Command("earshot")
    .usage("<command> [options]")
    .description("Earshot, a self-hosted messaging server.")
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", SETTINGS_HELP)
    .showHelpAfterError("Add --help to see what can be written here.")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) });

  addServerCommands(program, io, exitWith);
  addUserCommands(program, io);
  addMaintenanceCommands(program, io, exitWith);
  program
    .command("version")
    .summary("print the version")
    .description("Prints the version.")
    .action(() => io.out(VERSION));
  return program;
}
