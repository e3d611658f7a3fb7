import { randomBytes } from "node:crypto";

import { type Command, InvalidArgumentError } from "commander";

import { loadConfig } from "../config.ts";
import { type Address, parseAddress } from "./address.ts";
import type { Io } from "./io.ts";
import { stopSignal } from "./stop-signal.ts";

/** The commands that run, prepare and examine the server. */
export function addServerCommands(program: Command, io: Io, exitWith: (code: number) => void): void {
  program
    .command("runserver")
    .summary("serve until Ctrl-C or SIGTERM")
    .description(
      "Serves until Ctrl-C or SIGTERM; requests under way then have 9 seconds to finish. " +
        "A database that is not migrated is refused, unless --migrate is given.",
    )
    .argument("[[host:]port]", "where to listen, in place of HOST and PORT; an IPv6 address in brackets", toAddress)
    .option("--migrate", "make or migrate the database first, where that is needed")
    .action(async (address: Address | undefined, options: { migrate?: true }) => {
      const stop = stopSignal();
      const [{ runserver }, config] = await Promise.all([
        import("./commands/runserver.ts"),
        loadConfig({ overrides: { ...address } }),
      ]);
      exitWith(await runserver(io, config, stop, options));
    });

  program
    .command("migrate")
    .summary("bring the database to this version's schema")
    .description("Brings the database to this version's schema; makes it where there is none.")
    .option("--plan", "print what would be done, and change nothing")
    .action(async (options: { plan?: true }) => {
      const { migrateDatabase, planMigrations } = await import("./commands/migrate.ts");
      await (options.plan === true ? planMigrations : migrateDatabase)(io, await loadConfig());
    });

  program
    .command("check")
    .summary("say what is wrong with the settings and the database")
    .description(
      "Looks at the settings, the data folder, the secret and the database, and prints what is wrong. " +
        "Exits with 1 where something would stop the server; warnings alone exit with 0.",
    )
    .action(async () => {
      const { check } = await import("./commands/check.ts");
      exitWith(await check(io, loadConfig));
    });

  program
    .command("routes")
    .summary("print who may call what")
    .description("Prints every route with its authentication and the permissions it asks for.")
    .option("--json", "print them as a JSON list")
    .action(async (options: { json?: true }) => {
      const { printRoutes } = await import("./commands/routes.ts");
      const { createContext } = await import("../context.ts");
      const { createRegistry } = await import("../registry.ts");
      // The routes need neither the data nor the secret: none are opened or made for them.
      const overrides = { DATABASE_URL: "sqlite::memory:", SECRET_KEY: randomBytes(64).toString("base64url") };
      const context = createContext(await loadConfig({ overrides }));
      try {
        printRoutes(io, createRegistry(context), options);
      } finally {
        await context.close();
      }
    });

  program
    .command("flushexpiredtokens")
    .summary("delete tokens and sessions that have run out")
    .description("Deletes refresh tokens and sessions that have run out. A running server does so every hour.")
    .action(async () => {
      const { withContext } = await import("./open.ts");
      const { flushExpired } = await import("../housekeeping.ts");
      await withContext(await loadConfig(), ({ database, clock }) => flushExpired(database, clock));
    });
}

function toAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new InvalidArgumentError("Write PORT or HOST:PORT, such as 8000 or [::1]:8000.");
  return address;
}
