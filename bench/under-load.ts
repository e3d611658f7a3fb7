import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Contender } from "./measure.ts";
import type { Operation } from "./operations.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";
import type { RunningTarget } from "./target.ts";

const generator = fileURLToPath(new URL("load.ts", import.meta.url));

export interface Load {
  seconds: number;
  connections: number;
  /** Whether the generator sleeps for every target, and not only for those of many processes. */
  sleeps: boolean;
  /** Ends the round under way. */
  signal: AbortSignal;
}

async function generateLoad(plan: LoadPlan, signal: AbortSignal): Promise<LoadResult> {
  const child = spawn(process.execPath, [generator], { stdio: ["pipe", "pipe", "inherit"], signal });
  const exit = once(child, "exit");
  child.stdin.end(JSON.stringify(plan));
  const [output, [code]] = await Promise.all([text(child.stdout), exit]);
  if (code !== 0) throw new Error("the load generator failed; its message is above");
  return JSON.parse(output);
}

/** A server under the load of one operation. An answer of another status than the expected one fails the round. */
export async function underLoad(
  name: string,
  target: RunningTarget,
  operation: Operation,
  { seconds, connections, sleeps, signal }: Load,
): Promise<Contender> {
  let work = await operation.prepare(target, connections);
  const { expectedStatus } = operation;
  const shared = { url: target.url, connections, warmupSeconds: Math.min(1, seconds / 2), seconds, expectedStatus };
  return {
    name,
    async playRound() {
      const plan = { ...shared, work, sleeps: sleeps || target.processes > 1 };
      const { refreshTokens, ...result } = await generateLoad(plan, signal);
      if (work.kind === "chain") work = { ...work, refreshTokens };
      return { ...result, databaseConnections: (await target.countConnections?.()) ?? null };
    },
  };
}
