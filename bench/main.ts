import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describeMachine } from "./machine.ts";
import { bare } from "./bare/target.ts";
import { requireSameAnswers } from "./compare.ts";
import { seedData } from "./data.ts";
import type { SeededData } from "./data.ts";
import { measure } from "./measure.ts";
import { operations } from "./operations.ts";
import { ours } from "./ours.ts";
import { parseOptions, usage } from "./options.ts";
import type { Options } from "./options.ts";
import { peerAt, peerIn } from "./peer.ts";
import { summarize } from "./summary.ts";
import { renderTable } from "./table.ts";
import type { Needs, RunningTarget, Target } from "./target.ts";

const idleMilliseconds = 1500;

const report = (line: string): boolean => process.stderr.write(`${line}\n`);

/** The first is what the others are compared with. */
function chooseTargets({ peerDir, peerUrl }: Options, data: SeededData): Target[] {
  const targets = [ours(data), bare(data)];
  if (peerUrl !== undefined) targets.push(peerAt(new URL(peerUrl).origin));
  if (peerDir !== undefined) targets.push(peerIn(resolve(peerDir)));
  return targets;
}

/** What a server's process needs, in one line. */
async function describeNeeds(needs: Needs | undefined): Promise<string> {
  if (needs === undefined) return "";
  // A moment without requests, so that what the last ones left behind is not taken for the idle server.
  await delay(idleMilliseconds);
  const [start, memory] = [needs.startMilliseconds, await needs.residentMegabytes()].map(Math.round);
  return `${start} ms to the first answer on an existing database, ${memory} MB of memory`;
}

async function startAll(options: Options, running: Map<string, RunningTarget>, signal: AbortSignal): Promise<void> {
  report("filling a database …");
  const data = await seedData();
  try {
    for (const target of chooseTargets(options, data)) {
      signal.throwIfAborted();
      report(`starting ${target.name} …`);
      running.set(target.name, await target.start());
    }
  } finally {
    await data.remove();
  }
}

async function bench(options: Options, signal: AbortSignal): Promise<boolean> {
  const running = new Map<string, RunningTarget>();
  const sections = [];
  const needs = [];
  try {
    await startAll(options, running, signal);
    const [first, second] = [running.get("ours"), running.get("bare")];
    needs.push(`ours, started: ${await describeNeeds(first?.needs)}`);
    const chosen = operations.filter(({ name }) => options.only.includes(name));
    for (const operation of chosen) {
      if (first !== undefined && second !== undefined) await requireSameAnswers(operation, first, second);
    }
    for (const operation of chosen) {
      const measurements = await measure(operation, running, { ...options, signal, report });
      const { title, bars } = operation;
      sections.push({ title, bars, summaries: summarize(measurements), measurements });
    }
    needs.push(`ours, after the run: ${await describeNeeds(first?.needs)}`);
  } finally {
    for (const target of running.values()) await target.stop();
  }
  const { rounds, seconds, connections } = options;
  const machine = describeMachine();
  console.log(`\n${machine}`);
  console.log(`medians of ${rounds} alternating rounds of ${seconds} s, ${connections} connections\n`);
  console.log(renderTable(sections));
  console.log(`\n${needs.join("\n")}`);
  if (!running.has("peer")) console.log("peer: not measured (see --peer-dir and --peer-url)");
  if (options.json !== undefined) {
    await writeFile(
      options.json,
      `${JSON.stringify({ machine, rounds, seconds, connections, needs, sections }, null, 2)}\n`,
    );
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
