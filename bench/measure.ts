import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Operation } from "./operations.ts";
import type { LoadPlan, LoadResult, Work } from "./plan.ts";
import type { RunningTarget } from "./target.ts";

const generator = fileURLToPath(new URL("load.ts", import.meta.url));

/** The rounds of one operation on one target. */
export interface Measurement {
  target: string;
  runs: LoadResult[];
  /** Why there is no figure; null if there is one. */
  failure: string | null;
}

export interface Measuring {
  rounds: number;
  seconds: number;
  connections: number;
  /** Ends the run under way. */
  signal: AbortSignal;
  report(line: string): void;
}

async function generateLoad(plan: LoadPlan, signal: AbortSignal): Promise<LoadResult> {
  const child = spawn(process.execPath, [generator], { stdio: ["pipe", "pipe", "inherit"], signal });
  const exit = once(child, "exit");
  child.stdin.end(JSON.stringify(plan));
  const [output, [code]] = await Promise.all([text(child.stdout), exit]);
  if (code !== 0) throw new Error("the load generator failed; its message is above");
  return JSON.parse(output);
}

/**
 * Measures one operation in alternating rounds: each target once, then each once more. A run with an answer of another
 * status than the expected one takes its target out of the remaining rounds.
 */
export async function measure(
  operation: Operation,
  targets: ReadonlyMap<string, RunningTarget>,
  { rounds, seconds, connections, signal, report }: Measuring,
): Promise<Measurement[]> {
  const works = new Map<string, Work>();
  const measurements: Measurement[] = [];
  for (const [name, target] of targets) {
    works.set(name, await operation.prepare(target, connections));
    measurements.push({ target: name, runs: [], failure: null });
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const measurement of measurements) {
      signal.throwIfAborted();
      const target = targets.get(measurement.target);
      const work = works.get(measurement.target);
      if (target === undefined || work === undefined || measurement.failure !== null) continue;
      const { expectedStatus } = operation;
      const warmupSeconds = Math.min(1, seconds / 2);
      const { url } = target;
      const sleeps = target.processes > 1;
      const plan = { url, connections, warmupSeconds, seconds, expectedStatus, work, sleeps };
      const result = await generateLoad(plan, signal);
      measurement.runs.push(result);
      measurement.failure = result.failure;
      if (work.kind === "chain") {
        works.set(measurement.target, { ...work, refreshTokens: result.refreshTokens });
      }
      const figure = result.failure ?? `${Math.round(result.requestsPerSecond)} req/s`;
      report(`${operation.title}, round ${round}, ${measurement.target}: ${figure}`);
    }
  }
  return measurements;
}
