import { writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { requireSameAnswers } from "./compare.ts";
import { lineUp } from "./line-up.ts";
import type { LineUp } from "./line-up.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { operations } from "./operations.ts";
import type { Operation } from "./operations.ts";
import { parseOptions, usage } from "./options.ts";
import type { Options } from "./options.ts";
import { summarize } from "./summary.ts";
import { renderTable } from "./table.ts";
import { underLoad } from "./under-load.ts";

const idleMilliseconds = 1500;

const report = (line: string): boolean => process.stderr.write(`${line}\n`);

/** What the processes of Earshot need, a line each. */
async function describeNeeds({ targets }: LineUp, moment: string): Promise<string[]> {
  // A moment without requests, so that what the last ones left behind is not taken for the idle server.
  await delay(idleMilliseconds);
  const lines = [];
  for (const [name, { needs }] of targets) {
    if (needs === undefined) continue;
    const [start, memory] = [needs.startMilliseconds, await needs.residentMegabytes()].map(Math.round);
    lines.push(`${name}, ${moment}: ${start} ms to the first answer on an existing database, ${memory} MB of memory`);
  }
  return lines;
}

async function measureOne(
  operation: Operation,
  { targets, ceilingsFor }: LineUp,
  options: Options,
  signal: AbortSignal,
) {
  const load = { ...options, signal, sleeps: options.engine === "postgres" };
  const contenders = [];
  for (const [name, target] of targets) contenders.push(await underLoad(name, target, operation, load));
  contenders.push(...(await ceilingsFor(operation.name)));
  const measurements = await measure(operation.title, contenders, { rounds: options.rounds, signal, report });
  const { title, bars } = operation;
  return { title, bars: bars[options.engine], summaries: summarize(measurements), measurements };
}

type Section = Awaited<ReturnType<typeof measureOne>>;

/** How many connections to the database server each target had open at the end of any round. */
function describeConnections(sections: readonly Section[]): string[] {
  const most = new Map<string, number>();
  for (const { target, rounds } of sections.flatMap(({ measurements }) => measurements)) {
    for (const { databaseConnections } of rounds) {
      if (databaseConnections !== null) most.set(target, Math.max(most.get(target) ?? 0, databaseConnections));
    }
  }
  const counts = [...most].map(([target, count]) => `${target} ${count}`);
  return counts.length === 0 ? [] : [`connections to PostgreSQL at most: ${counts.join(", ")}`];
}

async function bench(options: Options, signal: AbortSignal): Promise<boolean> {
  const sections: Section[] = [];
  const notes: string[] = [];
  {
    await using opened = new AsyncDisposableStack();
    const all = await lineUp({ options, opened, signal, report });
    const started = await describeNeeds(all, "started");
    const chosen = operations.filter(({ name }) => options.only.includes(name));
    // All but the peer, whose texts are its own.
    const same = [...all.targets].flatMap(([name, target]) => (name === "peer" ? [] : [target]));
    for (const operation of chosen) await requireSameAnswers(operation, same);
    for (const operation of chosen) sections.push(await measureOne(operation, all, options, signal));
    const needs = [...started, ...(await describeNeeds(all, "after the run"))];
    const noPeer = all.targets.has("peer") ? [] : ["peer: not measured (see --peer-dir and --peer-url)"];
    notes.push(...all.notes, ...describeConnections(sections), ...needs, ...noPeer);
  }
  const { rounds, seconds, connections } = options;
  const machine = describeMachine();
  console.log(`\n${machine}`);
  console.log(`medians of ${rounds} alternating rounds of ${seconds} s, ${connections} connections\n`);
  console.log(renderTable(sections));
  console.log(`\n${notes.join("\n")}`);
  if (options.json !== undefined) {
    const figures = { machine, rounds, seconds, connections, notes, sections };
    await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
  return sections.every(({ summaries }) => summaries.every(({ failure }) => failure === null));
}

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => abort.abort());
  try {
    return (await bench(options, abort.signal)) ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(abort.signal.aborted ? "interrupted" : message);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
