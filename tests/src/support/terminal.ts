import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

import { EARSHOT, type Workplace } from "./cli.ts";

/** The program that opens a pseudo-terminal. */
const SCRIPT = "script";
/** How long a question may be waited for, in milliseconds. */
const DEADLINE_MS = 30_000;

/** Why no terminal can be had on this machine; undefined where one can. */
export function whyNoTerminal(): string | undefined {
  const { stdout } = spawnSync(SCRIPT, ["--version"], { encoding: "utf8" });
  return (stdout ?? "").includes("util-linux")
    ? undefined
    : "the `script` of util-linux, which opens a terminal, is absent";
}

/** One command at a terminal, and somebody who types. */
export interface Terminal {
  /** Everything shown so far. */
  readonly shown: () => string;
  /** Waits until something is shown that was not there at the last call, then types. */
  answer(question: string, typed: string): Promise<void>;
  /** The exit code, once the command has ended. */
  readonly ended: Promise<number | null>;
}

/** Runs a command at a pseudo-terminal. */
export function openTerminal({ folder, env }: Workplace, args: readonly string[]): Terminal {
  const command = [process.execPath, EARSHOT, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn(SCRIPT, ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: folder,
    env: { ...env, TERM: "xterm" },
    timeout: 2 * DEADLINE_MS,
  });
  let screen = "";
  let seen = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    screen += chunk.toString();
  });
  child.stdin.on("error", () => {});
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));

  const appears = async (text: string) => {
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    while (!screen.includes(text, seen)) {
      if (child.exitCode !== null) throw new Error(`the command ended and never asked "${text}":\n${screen}`);
      await once(child.stdout, "data", { signal: deadline }).catch((error: unknown) => {
        throw new Error(`nobody asked "${text}":\n${screen}`, { cause: error });
      });
    }
    seen = screen.indexOf(text, seen) + text.length;
  };

  return {
    shown: () => screen,
    async answer(question, typed) {
      await appears(question);
      child.stdin.write(typed);
    },
    ended,
  };
}
