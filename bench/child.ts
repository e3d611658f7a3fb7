import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const execFileAsync = promisify(execFile);

export interface Command {
  command: string;
  args: string[];
  cwd: string;
  /** The whole environment: nothing of the caller's own leaks into a measurement. */
  env: Record<string, string>;
}

const giveUpMilliseconds = 20_000;
const pollMilliseconds = 5;
const stopMilliseconds = 10_000;
const commandMilliseconds = 120_000;

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

function start({ command, args, cwd, env }: Command, timeout?: number): { child: ChildProcess; output(): string } {
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], ...(timeout ? { timeout } : {}) });
  let output = "";
  const keepLast = (chunk: string): void => {
    output = (output + chunk).slice(-4000);
  };
  child.stdout?.setEncoding("utf8").on("data", keepLast);
  child.stderr?.setEncoding("utf8").on("data", keepLast);
  return { child, output: () => output };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Runs a command to its end, two minutes at most; throws with its last output if it fails. */
export async function run(command: Command): Promise<void> {
  const { child, output } = start(command, commandMilliseconds);
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command.command} ${command.args.join(" ")} failed:\n${output()}`);
}

/** A server's process that answers. */
export interface RunningServer {
  /** From the start of the process to the first answer. */
  startMilliseconds: number;
  /** The memory of the process that is in RAM. */
  residentMegabytes(): Promise<number>;
  /** Ends it: politely, after ten seconds by force. */
  stop(): Promise<void>;
}

/**
 * Starts a server and waits until `url` answers, whatever the status. Throws with the server's last output if it ends
 * or stays silent for 20 seconds.
 */
export async function startServer(command: Command, url: string): Promise<RunningServer> {
  const startedAt = performance.now();
  const { child, output } = start(command);
  let problem: string | undefined;
  child.on("error", (error) => (problem = error.message));
  const stop = async (): Promise<void> => {
    if (problem !== undefined || hasEnded(child)) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), stopMilliseconds);
    await exited;
    clearTimeout(force);
  };
  while (!(await answers(url))) {
    if (problem === undefined && !hasEnded(child) && performance.now() - startedAt < giveUpMilliseconds) {
      await delay(pollMilliseconds);
      continue;
    }
    await stop();
    throw new Error(`${command.command} did not start: ${problem ?? output()}`);
  }
  const startMilliseconds = performance.now() - startedAt;
  return { startMilliseconds, residentMegabytes: () => residentMegabytes(child.pid), stop };
}

/** Whether anything answers at `url`; the plain client, since the first use of `fetch` takes longer than a start may. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2000 }, (answer) =>
      answer.resume().on("end", () => resolve(true)),
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

async function residentMegabytes(pid: number | undefined): Promise<number> {
  const { stdout } = await execFileAsync("ps", ["-o", "rss=", "-p", `${pid}`]);
  return Number(stdout) / 1024;
}
