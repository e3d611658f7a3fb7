import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryFolder } from "../data.ts";
import type { Contender, Round } from "../measure.ts";
import { ceilings } from "./ceilings.ts";
import type { Ceiling } from "./ceilings.ts";
import type { PostgresServer } from "./server.ts";

const execFileAsync = promisify(execFile);

/** So many transactions a client asks about one conversation before it goes on to the next. */
const stay = 100;
/** Seconds at the beginning that do not count: each client connects and prepares anew. */
const warmupSeconds = 1;
const graceMilliseconds = 60_000;

/** @returns the first line `pgbench --version` prints; undefined where there is no such program */
export async function findPgbench(program: string): Promise<string | undefined> {
  try {
    return (await execFileAsync(program, ["--version"])).stdout.trim();
  } catch {
    return undefined;
  }
}

export interface Ceilings {
  /** What of an operation PostgreSQL itself can do, a contender for each number of clients; none for other operations. */
  contendersFor(operation: string): Promise<Contender[]>;
  remove(): Promise<void>;
}

export interface CeilingOptions {
  program: string;
  /** A seeded database that no server serves. */
  database: string;
  clientCounts: number[];
  seconds: number;
  /** Ends the round under way. */
  signal: AbortSignal;
}

/** Runs the statements of Earshot's requests by pgbench: prepared, those of one request pipelined, nothing between. */
export async function openCeilings(server: PostgresServer, options: CeilingOptions): Promise<Ceilings> {
  const { folder, remove } = await temporaryFolder();
  const url = server.urlOf(options.database);

  const writeScript = async (name: string, text: string): Promise<string> => {
    const file = join(folder, `${name}.sql`);
    await writeFile(file, text);
    return file;
  };

  return {
    async contendersFor(operation) {
      const describe = ceilings[operation];
      if (describe === undefined) return [];
      const { callers, except, statements } = describe();
      const table = `${operation}_requests`;
      await server.run(
        options.database,
        `create table ${table} (n integer primary key, caller text, conversation text)`,
      );
      await server.run(options.database, fillTable(table), [callers, except]);
      await server.run(options.database, `analyze ${table}`);

      const run = (file: string, amount: string, clients: number) => {
        const variables = { ...describe().variables, done: "0", clients: `${clients}` };
        return runPgbench(url, file, [amount, `--client=${clients}`], variables, options);
      };
      const proof = await writeScript(`${operation}-proof`, choosing(table) + proving(statements));
      await run(proof, "--transactions=1", 1);
      const script = await writeScript(operation, choosing(table) + pipelining(statements));
      return options.clientCounts.map((clients) => ({
        name: `pgbench -c ${clients}`,
        playRound: async () => rated(run(script, `--time=${warmupSeconds + options.seconds}`, clients), options.signal),
      }));
    },
    remove,
  };
}

const fillTable = (table: string): string => `
  insert into ${table}
  select row_number() over (order by p.conversation_id, p.user_id) - 1, p.user_id, p.conversation_id
  from participants p join users u on u.user_id = p.user_id
  where u.username = any($1) and not exists (
    select 1 from participants q join users v on v.user_id = q.user_id
    where q.conversation_id = p.conversation_id and v.username = any($2)
  )`;

/** Who asks about what, from now on and then anew: the same few rows again and again would not be the same work. */
const choosing = (table: string): string => `
\\if :done = 0
select count(*) as requests from ${table} \\gset
\\endif
\\if :done % ${stay} = 0
\\set n (:client_id + :done / ${stay} * :clients) % :requests
select caller, conversation from ${table} where n = :n \\gset
\\endif
\\set done :done + 1
`;

const pipelining = (statements: readonly string[]): string =>
  ["\\startpipeline", ...statements.map((sql) => `${sql};`), "\\endpipeline", ""].join("\n");

/** Fails where a statement answers no row: then it does not what it is measured for. */
const proving = (statements: readonly string[]): string => statements.map((sql) => `${sql} \\gset\n`).join("");

/** Runs a script. @returns what pgbench prints of its progress */
async function runPgbench(
  url: string,
  file: string,
  amount: string[],
  variables: Ceiling["variables"],
  { program, seconds, signal }: CeilingOptions,
): Promise<string> {
  const definitions = Object.entries(variables).map(([name, value]) => `--define=${name}=${value}`);
  const args = ["--no-vacuum", "--protocol=prepared", "--progress=1", ...amount, `--file=${file}`, ...definitions];
  const timeout = seconds * 1000 + graceMilliseconds;
  return (await execFileAsync(program, args, { env: environmentOf(url), timeout, signal })).stderr;
}

/** The mean of the seconds after the warm-up. */
async function rated(run: Promise<string>, signal: AbortSignal): Promise<Round> {
  const nothingElse = { p50: null, p99: null, generatorBusy: null, databaseConnections: null };
  try {
    const rates = Array.from((await run).matchAll(/^progress: .* s, ([\d.]+) tps/gm), ([, rate]) => Number(rate));
    const counted = rates.slice(warmupSeconds);
    if (counted.length === 0) throw new Error("pgbench printed no rate");
    return {
      ...nothingElse,
      requestsPerSecond: counted.reduce((sum, rate) => sum + rate) / counted.length,
      failure: null,
    };
  } catch (error) {
    signal.throwIfAborted();
    const failure = error instanceof Error ? error.message.slice(-200) : String(error);
    return { ...nothingElse, requestsPerSecond: Number.NaN, failure };
  }
}

/** How libpq's programs are told where to go: a password on the command line could be read by everybody. */
function environmentOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PATH: process.env["PATH"] ?? "",
    PGHOST: hostname.replace(/^\[(.*)\]$/, "$1"),
    PGPORT: port || "5432",
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
}
