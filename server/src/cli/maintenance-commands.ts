import type { Command } from "commander";

import { loadConfig } from "../config.ts";
import type { CopyCommandOptions } from "./commands/copy.ts";
import type { Io } from "./io.ts";
import { stopSignal } from "./stop-signal.ts";

/** The commands for what happens to an installation once in a while. */
export function addMaintenanceCommands(program: Command, io: Io, exitWith: (code: number) => void): void {
  program
    .command("copy")
    .summary("copy everything into another database")
    .description(
      "Copies a database into another, of the same or the other engine, and compares all rows at the end. " +
        "Run again it goes on where it was stopped, and takes over what has changed in the source since: " +
        "copy while the server runs, then stop the server and copy once more. " +
        "The target must be new, or hold such a copy of the same source, and no server may run on it. " +
        "A password can be left out of a URL and given by PGPASSWORD or ~/.pgpass.",
    )
    .option("--from <url>", "the source: sqlite:PATH or postgres://…; the configured database, unless given")
    .requiredOption("--to <url>", "the target: sqlite:PATH or postgres://…")
    .action(async (options: CopyCommandOptions) => {
      const stop = stopSignal();
      const { copy } = await import("./commands/copy.ts");
      exitWith(await copy(io, options, loadConfig, stop));
    });
}
