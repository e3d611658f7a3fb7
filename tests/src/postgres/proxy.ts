import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

import { Client } from "pg";

import type { Way } from "./installation.ts";

/** The way to a PostgreSQL, on which anything can happen. */
export interface Proxy extends Way, AsyncDisposable {
  /** The same database by this way. @param url without TLS: the proxy reads what goes by */
  leads(url: string): string;
  /** The most connections that were open at once. */
  readonly mostOpen: number;
  /** Ends the connections there are. */
  cut(): void;
  /** Ends the connections there are, and each new one at once: nothing listens there. */
  refuse(): void;
  /** From now on all bytes are lost, both ways, and nobody is told: on new connections, and on those there are for good. */
  swallow(): void;
  /** Lets new connections through again. */
  restore(): void;
  /** Ends the connection on which this text goes to the database next, before it gets there. */
  loseRequest(text: string): Promise<void>;
  /** The same, but after the database has carried it out: only its answer is lost. */
  loseAnswer(text: string): Promise<void>;
  /** How often this text has gone to the database, from now on. */
  count(text: string): () => number;
}

interface Loss {
  readonly text: string;
  readonly of: "request" | "answer";
  readonly done: () => void;
}

interface Link {
  readonly client: Socket;
  readonly database: Socket;
  isSwallowed: boolean;
  /** What ends it at the database's next answer. */
  atAnswer: (() => void) | undefined;
}

export async function openProxy(): Promise<Proxy> {
  const links = new Set<Link>();
  const counts: { readonly text: string; times: number }[] = [];
  let target: { readonly host: string; readonly port: number } | undefined;
  let mode: "pass" | "refuse" | "swallow" = "pass";
  let losses: readonly Loss[] = [];
  let mostOpen = 0;

  const end = ({ client, database }: Link) => {
    client.destroy();
    database.destroy();
  };
  const lose = (text: string, of: Loss["of"]) =>
    new Promise<void>((done) => {
      losses = [...losses, { text, of, done }];
    });

  const toDatabase = (link: Link, bytes: Buffer) => {
    if (link.isSwallowed) return;
    const loss = losses.find(({ text }) => bytes.includes(text));
    losses = losses.filter((one) => one !== loss);
    if (loss?.of === "request") {
      end(link);
      loss.done();
      return;
    }
    for (const one of counts) one.times += occurrences(bytes, one.text);
    link.atAnswer ??= loss?.done;
    link.database.write(bytes);
  };
  const toClient = (link: Link, bytes: Buffer) => {
    if (link.isSwallowed) return;
    if (link.atAnswer === undefined) {
      link.client.write(bytes);
      return;
    }
    end(link);
    link.atAnswer();
  };

  // Half open: whoever has fallen silent does not even say good-bye.
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    if (mode === "refuse" || target === undefined) {
      client.destroy();
      return;
    }
    const { host, port } = target;
    const database = host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const link: Link = { client, database, isSwallowed: mode === "swallow", atAnswer: undefined };
    links.add(link);
    mostOpen = Math.max(mostOpen, links.size);
    client.on("data", (bytes: Buffer) => toDatabase(link, bytes));
    database.on("data", (bytes: Buffer) => toClient(link, bytes));
    for (const socket of [client, database]) {
      // Whoever ends it, and however: the other side hears of it.
      socket.on("error", () => {});
      socket.on("end", () => {
        if (!link.isSwallowed) end(link);
      });
      socket.on("close", () => {
        links.delete(link);
        end(link);
      });
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  return {
    leads(url) {
      const { host, port } = new Client({ connectionString: url });
      target = { host, port };
      const [withoutQuery = "", query = ""] = url.split("?");
      const parameters = new URLSearchParams(query);
      parameters.delete("host");
      parameters.delete("port");
      const here = `127.0.0.1:${address.port}`;
      const server = /(\/\/(?:[^@/]*@)?)[^/]*/;
      return `${withoutQuery.replace(server, (_, login: string) => login + here)}?${parameters.toString()}`;
    },
    get mostOpen() {
      return mostOpen;
    },
    cut: () => links.forEach(end),
    refuse() {
      mode = "refuse";
      links.forEach(end);
    },
    swallow() {
      mode = "swallow";
      for (const link of links) link.isSwallowed = true;
    },
    restore() {
      mode = "pass";
    },
    loseRequest: (text) => lose(text, "request"),
    loseAnswer: (text) => lose(text, "answer"),
    count(text) {
      const one = { text, times: 0 };
      counts.push(one);
      return () => one.times;
    },
    async [Symbol.asyncDispose]() {
      links.forEach(end);
      listener.close();
    },
  };
}

const occurrences = (bytes: Buffer, text: string) => bytes.toString("latin1").split(text).length - 1;
