import { dirname } from "node:path";

import type { FastifyInstance } from "fastify";

import { createApp } from "../../app.ts";
import type { Config } from "../../config.ts";
import { type Context, createContext } from "../../context.ts";
import { adoptCopied } from "../../copy/marker.ts";
import { migrate } from "../../db/migrate.ts";
import { createRegistry } from "../../registry.ts";
import { VERSION } from "../../version.ts";
import { createDrain } from "../drain.ts";
import type { Io } from "../io.ts";
import { listenRefusal, urlOf } from "../listening.ts";
import { databaseFile, databaseName, openMigrated } from "../open.ts";
import type { StopSignal } from "../stop-signal.ts";

export interface RunserverOptions {
  /** Migrates an old or new database instead of refusing it. */
  readonly migrate?: true;
}

/**
 * Serves until it is told to stop, then lets the requests under way finish.
 * @returns the exit code: 0, or 1 where requests had to be cut off at the deadline
 */
export async function runserver(io: Io, config: Config, stop: StopSignal, options: RunserverOptions): Promise<number> {
  const context = options.migrate === true ? createContext(config) : await openMigrated(config);
  try {
    if (options.migrate === true) await migrate(context.database, context.clock.moment());
    await adoptCopied(context.database);
    const app = createApp(context, createRegistry(context));
    const drain = createDrain(app);
    let isDrained = false;
    await listen(app, config);
    try {
      context.housekeeping.start();
      io.out(await welcome(app, context));
      await stop.requested;
    } finally {
      isDrained = await drain();
    }
    if (isDrained) return 0;
    io.err("Requests were still under way at the deadline; they were cut off.");
    return 1;
  } finally {
    await context.close();
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenRefusal(error, host, port);
  }
}

async function welcome(app: FastifyInstance, { config, users }: Context): Promise<string> {
  const file = databaseFile(config);
  const isInDataFolder = file !== undefined && dirname(file) === config.dataDir;
  const lines = [
    `Earshot ${VERSION} is listening on ${urlOf(app.server.address(), config.host)}`,
    `Data folder: ${config.dataDir}`,
    ...(isInDataFolder ? [] : [`Database: ${databaseName(config)}`]),
    ...((await users.exist())
      ? []
      : ["First, make a user, in another terminal in this folder: npx earshot createsuperuser"]),
    "Stop it with Ctrl-C.",
    ...config.warnings.map((warning) => `Warning: ${warning}`),
  ];
  return lines.join("\n");
}
