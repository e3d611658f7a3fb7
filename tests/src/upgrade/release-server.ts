import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Workplace } from "../support/cli.ts";

const START_DEADLINE_MS = 60_000;

/** A server of some release, in a process of its own. */
export interface ReleaseServer {
  /** Address and port, as a Host header has it. */
  readonly host: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts `runserver` of a release.
 * @param command the release's `earshot`
 * @throws Error with what it printed, where it ends instead of listening
 */
export async function serveRelease(command: string, { folder, env }: Workplace): Promise<ReleaseServer> {
  const child = spawn(process.execPath, [command, "runserver"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  let printed = "";
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const host = /listening on http:\/\/([^\s/]+)\//.exec(printed)?.[1];
      if (host !== undefined) resolve(host);
    });
  }
  child.on("close", (code) => reject(new Error(`it ended with ${code}:\n${printed}`)));
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_DEADLINE_MS);
  try {
    return {
      host: await listening,
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await ended;
      },
    };
  } finally {
    clearTimeout(deadline);
  }
}
