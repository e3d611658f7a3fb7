import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { signIn } from "../api.ts";
import { freePort, startServer } from "../child.ts";
import type { SeededData } from "../data.ts";
import { seed } from "../target.ts";
import type { Target } from "../target.ts";

const program = fileURLToPath(new URL("server.ts", import.meta.url));

/** The bare server over a copy of the data. */
export function bare(data: SeededData): Target {
  return {
    name: "bare",
    async start() {
      const { folder, remove } = await data.copy();
      try {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const env = { SECRET_KEY: data.secretKey, DATABASE: join(folder, "earshot.db"), PORT: `${port}` };
        const server = await startServer({ command: process.execPath, args: [program], cwd: folder, env }, url);
        return {
          url,
          processes: 1,
          signIn: (username) => signIn(url, username, seed.password),
          async stop() {
            await server.stop();
            await remove();
          },
        };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  };
}
