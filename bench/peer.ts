import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { signIn } from "./api.ts";
import { freePort, run, startServer } from "./child.ts";
import { seed } from "./target.ts";
import type { RunningTarget, Target } from "./target.ts";

/** Debian's Python: the one its Django packages are installed for. */
const python = "/usr/bin/python3";
const env = { PATH: "/usr/bin:/bin" };
const modules = ["django", "rest_framework", "rest_framework_simplejwt", "django_filters", "gunicorn"];

const running = (url: string, stop: () => Promise<void>): RunningTarget => ({
  url,
  // gunicorn's workers; they need the generator's core, too.
  processes: 2,
  signIn: (username) => signIn(url, username, seed.password),
  stop,
});

/** A Django peer that someone else has started and filled with `seed_demo`. */
export function peerAt(url: string): Target {
  return { name: "peer", start: async () => running(url, async () => {}) };
}

/**
 * The Django peer from its project folder: a copy in a temporary folder, a fresh SQLite database, gunicorn with two
 * workers of four threads. `start` throws where Django's packages are missing.
 */
export function peerIn(folder: string): Target {
  const start = async (): Promise<RunningTarget> => {
    await run({ command: python, args: ["-c", `import ${modules.join(", ")}`], cwd: "/", env }).catch((error) => {
      throw new Error("the peer needs Debian's Django packages (see --help)", { cause: error });
    });
    const scratch = await mkdtemp(join(tmpdir(), "earshot-bench-peer-"));
    const remove = (): Promise<void> => rm(scratch, { recursive: true, force: true });
    try {
      await cp(folder, scratch, { recursive: true, filter: (path) => !basename(path).startsWith("db.sqlite3") });
      const manage = (...args: string[]): Promise<void> =>
        run({ command: python, args: ["manage.py", ...args], cwd: scratch, env });
      await manage("migrate");
      const { users, conversations, messages, password } = seed;
      await manage(
        "seed_demo",
        `--users=${users}`,
        `--conversations=${conversations}`,
        `--messages=${messages}`,
        `--password=${password}`,
      );
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const args = ["-m", "gunicorn", "peer.wsgi", "-b", `127.0.0.1:${port}`, "-w", "2", "--threads", "4"];
      const server = await startServer({ command: python, args, cwd: scratch, env }, `${url}/api/`);
      return running(url, async () => {
        await server.stop();
        await remove();
      });
    } catch (error) {
      await remove();
      throw error;
    }
  };
  return { name: "peer", start };
}
