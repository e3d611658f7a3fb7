import { Command, InvalidArgumentError } from "commander";

import { loadConfig } from "../config.ts";
import { VERSION } from "../version.ts";
import { type Address, parseAddress } from "./address.ts";
import type { Io } from "./io.ts";
import { stopSignal } from "./stop-signal.ts";

/** The grammar of the command line. Each command's code is loaded when it is called. */
export function createProgram(io: Io, exitWith: (code: number) => void): Command {
  const program = new Command("earshot")
    .description("Earshot, a self-hosted messaging server.")
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.err(text.trimEnd()) });

  program
    .command("runserver")
    .summary("serve until Ctrl-C or SIGTERM")
    .argument("[[host:]port]", "where to listen, in place of HOST and PORT", addressArgument)
    .option("--migrate", "migrate the database first, if it needs it", false)
    .action(async (address: Address | undefined, options: { migrate: boolean }) => {
      const stop = stopSignal();
      const { runserver } = await import("./commands/runserver.ts");
      exitWith(await runserver(io, await loadConfig({ overrides: { ...address } }), stop, options));
    });
  return program;
}

function addressArgument(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new InvalidArgumentError("Write PORT or HOST:PORT, such as 8000 or [::1]:8000.");
  return address;
}
