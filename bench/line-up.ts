import { resolve } from "node:path";
import { database as databaseSettings } from "../server/src/settings/database.ts";
import { bare } from "./bare/target.ts";
import { seedSqlite } from "./data.ts";
import type { SeededData } from "./data.ts";
import type { Contender } from "./measure.ts";
import type { Options } from "./options.ts";
import { ours } from "./ours.ts";
import { peerAt, peerIn } from "./peer.ts";
import { seedPostgres } from "./postgres/data.ts";
import type { PostgresData } from "./postgres/data.ts";
import { findPgbench, openCeilings } from "./postgres/pgbench.ts";
import { useServer } from "./postgres/server.ts";
import type { PostgresServer } from "./postgres/server.ts";
import { startThrowAway } from "./postgres/throw-away.ts";
import type { RunningTarget, Target } from "./target.ts";

/** All that a run compares, filled and started. */
export interface LineUp {
  /** By name. The first is what the others are compared with. */
  targets: ReadonlyMap<string, RunningTarget>;
  /** Who beside the targets has rounds of an operation. */
  ceilingsFor(operation: string): Promise<Contender[]>;
  /** What a reader of the figures must know, a line each. */
  notes: string[];
}

/** What a run is told and handed on the way. */
export interface Run {
  options: Options;
  /** Whatever is opened is ended and removed with it. */
  opened: AsyncDisposableStack;
  signal: AbortSignal;
  report(line: string): void;
}

type Chosen = Pick<LineUp, "ceilingsFor" | "notes"> & { chosen: Target[] };

const noCeilings: LineUp["ceilingsFor"] = async () => [];

/** Fills the databases and starts the servers. */
export async function lineUp(run: Run): Promise<LineUp> {
  const { options, opened, signal, report } = run;
  const { chosen, ...others } = await (options.engine === "postgres" ? onPostgres(run) : onSqlite(run));
  const targets = new Map<string, RunningTarget>();
  for (const target of [...chosen, ...peers(options)]) {
    signal.throwIfAborted();
    report(`starting ${target.name} …`);
    const running = await target.start();
    opened.defer(() => running.stop());
    targets.set(target.name, running);
  }
  return { ...others, targets };
}

function peers({ peerDir, peerUrl }: Options): Target[] {
  if (peerUrl !== undefined) return [peerAt(new URL(peerUrl).origin)];
  return peerDir === undefined ? [] : [peerIn(resolve(peerDir))];
}

async function fillSqlite({ opened, signal, report }: Run): Promise<SeededData> {
  signal.throwIfAborted();
  report("filling an SQLite database …");
  const data = await seedSqlite();
  opened.defer(() => data.remove());
  return data;
}

async function onSqlite(run: Run): Promise<Chosen> {
  const data = await fillSqlite(run);
  return { chosen: [ours("ours", data), bare(data)], ceilingsFor: noCeilings, notes: [] };
}

async function onPostgres(run: Run): Promise<Chosen> {
  const { options, opened, signal, report } = run;
  const sqlite = await fillSqlite(run);
  report(options.postgresUrl === undefined ? "starting PostgreSQL …" : "connecting to PostgreSQL …");
  const server = await (options.postgresUrl === undefined ? startThrowAway() : useServer(options.postgresUrl));
  opened.defer(() => server.close());
  signal.throwIfAborted();
  report("filling a PostgreSQL database …");
  const data = await seedPostgres(server);
  opened.defer(() => data.remove());
  const version = await findPgbench(options.pgbench);
  return {
    chosen: [ours("ours", data), bare(data), ours("ours on SQLite", sqlite)],
    ceilingsFor: version === undefined ? noCeilings : await pgbenchCeilings(run, server, data),
    notes: [`ours and bare on ${server.description}`, version ?? "pgbench: not found (see --pgbench)"],
  };
}

async function pgbenchCeilings({ options, opened, signal }: Run, server: PostgresServer, data: PostgresData) {
  const ceilings = await openCeilings(server, {
    program: options.pgbench,
    database: await data.copyDatabase("pgbench"),
    clientCounts: [...new Set([databaseSettings.DATABASE_POOL_SIZE.default, options.connections])],
    seconds: options.seconds,
    signal,
  });
  opened.defer(() => ceilings.remove());
  return ceilings.contendersFor;
}
