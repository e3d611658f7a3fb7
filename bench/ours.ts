import { fileURLToPath } from "node:url";
import { signIn } from "./api.ts";
import { freePort, startServer } from "./child.ts";
import type { RunningServer } from "./child.ts";
import type { SeededData } from "./data.ts";
import { median } from "./median.ts";
import { seed } from "./target.ts";
import type { Target } from "./target.ts";

const program = fileURLToPath(new URL("../server/bin/earshot.mjs", import.meta.url));
/** Odd, so that one of them is the median; the last one goes on. */
const starts = 3;

/** Earshot by its own command line, over a copy of the data. */
export function ours(name: string, data: SeededData): Target {
  return {
    name,
    async start() {
      const copy = await data.copy(name);
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      // MALLOC_ARENA_MAX as `npm start` sets it.
      const env = { ...copy.env, HOST: "127.0.0.1", PORT: `${port}`, MALLOC_ARENA_MAX: "1" };
      const args = [program, "runserver", "--migrate"];
      const command = { command: process.execPath, args, cwd: copy.folder, env };
      const servers: RunningServer[] = [];
      try {
        for (let n = 0; n < starts; n += 1) {
          await servers.at(-1)?.stop();
          servers.push(await startServer(command, `${url}/api/`));
        }
      } catch (error) {
        await copy.remove();
        throw error;
      }
      return {
        url,
        processes: 1,
        needs: {
          startMilliseconds: median(servers.map(({ startMilliseconds }) => startMilliseconds)),
          residentMegabytes: async () => (await servers.at(-1)?.residentMegabytes()) ?? Number.NaN,
        },
        ...(copy.countConnections && { countConnections: copy.countConnections }),
        signIn: (username) => signIn(url, username, seed.password),
        async stop() {
          await servers.at(-1)?.stop();
          await copy.remove();
        },
      };
    },
  };
}
