import { randomBytes } from "node:crypto";

import { createContext, loadConfig, migrate } from "@earshot/server";

import { createWorkplace, serve, type ServerProcess, type Workplace } from "../support/cli.ts";
import { openConversation } from "../support/http.ts";
import { freePort } from "../support/ports.ts";
import { claims, sign } from "../support/tokens.ts";
import type { Place } from "./journal.ts";

interface Member {
  readonly user_id: string;
  readonly name: string;
  readonly bearer: string;
  /** The conversations the member takes part in. */
  readonly conversations: readonly string[];
}

/** Two servers on one database, with their users and conversations. */
export interface Installation {
  readonly urls: readonly [string, string];
  readonly members: readonly Member[];
  readonly conversations: readonly string[];
  /** Ends a server as a power cut would (SIGKILL). */
  kill(place: Place): Promise<void>;
  /** Starts it again, at the same address. */
  restart(place: Place): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Sizes {
  readonly clients: number;
  readonly conversations: number;
  /** How many conversations a member takes part in; divides `conversations`. */
  readonly each: number;
}

/** Starts two of `earshot runserver` that share a database, behind no load balancer: the clients choose. */
export async function createInstallation(databaseUrl: string, sizes: Sizes): Promise<Installation> {
  await using cleanup = new AsyncDisposableStack();
  const workplace = cleanup.use(await createWorkplace());
  const SECRET_KEY = randomBytes(48).toString("base64url");
  const shared = { ...workplace.env, DATABASE_URL: databaseUrl, SECRET_KEY, LOG_LEVEL: "warn" };
  const ids = await createUsers({ ...workplace, env: shared }, sizes.clients);

  const ports = [await freePort(), await freePort()] as const;
  const servers = new Map<Place, ServerProcess>();
  cleanup.defer(async () => {
    for (const server of servers.values()) await server[Symbol.asyncDispose]();
  });
  const start = async (place: Place) => {
    const server = await serve({ ...workplace, env: { ...shared, PORT: String(ports[place]) } }, []);
    servers.set(place, server);
    return server.url;
  };
  const urls = [await start(0), await start(1)] as const;

  const bearers = ids.map((user_id) => sign(claims("access", user_id), { key: SECRET_KEY }));
  const groups = sizes.conversations / sizes.each;
  const opened = Array.from({ length: sizes.conversations }, (_, number) => {
    const [owner = -1, ...others] = ids.keys().filter((index) => index % groups === number % groups);
    const host = new URL(urls[number % 2 === 0 ? 0 : 1]).host;
    return openConversation(
      { host },
      bearers[owner] ?? "",
      others.map((index) => ids[index] ?? ""),
    );
  });
  const conversations = await Promise.all(opened);
  const kept = cleanup.move();
  return {
    urls,
    conversations,
    members: ids.map((user_id, index) => ({
      user_id,
      name: nameOf(index),
      bearer: bearers[index] ?? "",
      conversations: conversations.filter((_, number) => number % groups === index % groups),
    })),
    async kill(place) {
      servers.get(place)?.kill("SIGKILL");
      await servers.get(place)?.ended;
    },
    async restart(place) {
      await start(place);
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const nameOf = (index: number) => `client-${index}`;

/** Migrates the database and makes users without passwords: their tokens are signed by hand. */
async function createUsers({ env, folder }: Pick<Workplace, "env" | "folder">, count: number): Promise<string[]> {
  const context = createContext(await loadConfig({ env, root: folder, settingsFile: false }));
  try {
    await migrate(context.database, context.clock.moment());
    const users = Array.from({ length: count }, (_, index) =>
      context.users.create({ username: nameOf(index), password: undefined }),
    );
    return (await Promise.all(users)).map(({ user_id }) => user_id);
  } finally {
    await context.close();
  }
}
