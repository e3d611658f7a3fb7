import { fileURLToPath } from "node:url";
import { signIn } from "../api.ts";
import { freePort, startServer } from "../child.ts";
import type { SeededData } from "../data.ts";
import { seed } from "../target.ts";
import type { Target } from "../target.ts";

const programs = {
  sqlite: fileURLToPath(new URL("sqlite/server.ts", import.meta.url)),
  postgres: fileURLToPath(new URL("postgres/server.ts", import.meta.url)),
};

/** The bare server over a copy of the data. */
export function bare(data: SeededData): Target {
  const name = "bare";
  return {
    name,
    async start() {
      const copy = await data.copy(name);
      try {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const env = { ...copy.env, PORT: `${port}` };
        const args = [programs[data.engine]];
        const server = await startServer({ command: process.execPath, args, cwd: copy.folder, env }, url);
        return {
          url,
          processes: 1,
          ...(copy.countConnections && { countConnections: copy.countConnections }),
          signIn: (username) => signIn(url, username, seed.password),
          async stop() {
            await server.stop();
            await copy.remove();
          },
        };
      } catch (error) {
        await copy.remove();
        throw error;
      }
    },
  };
}
