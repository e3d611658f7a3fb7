// Installs what is missing. Runs on the machine's own Node (20 or newer); everything else runs on the Node of node_modules.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const node = join(root, "node_modules/node/bin/node");

const parts = {
  run: ["--workspace", "protocol", "--workspace", "server", "--include-workspace-root"],
  all: [],
};
const stamp = (part) => join(root, "node_modules", `.earshot-${part}`);

function lockHash() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function isReady(part) {
  const wanted = lockHash();
  return [part, "all"].some((name) => existsSync(stamp(name)) && readFileSync(stamp(name), "utf8") === wanted);
}

/** Whether an `npm ci` or `npm install` by hand has brought everything; npm writes this file when it is done. */
function isInstalledByHand() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const installed = packages(record);
  return Object.entries(packages(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) =>
      optional || !path.startsWith("node_modules/") || installed[path]?.version === version,
  );
}

/** Makes sure that `part` ("run": what running needs; "all": tests and tools too) is installed as package-lock.json says. */
export function makeReady(part) {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    console.error(
      `Earshot needs Node 20 or newer to install itself; this is ${process.version}. See https://nodejs.org/`,
    );
    process.exit(1);
  }
  if (!isReady(part) && !isInstalledByHand()) {
    console.log(
      part === "run" ? "Installing what Earshot needs to run (once) …" : "Installing what the tests need (once) …",
    );
    // An interrupted install must not pass for a finished one.
    for (const name of Object.keys(parts)) rmSync(stamp(name), { force: true });
    // The Node that everything runs on is a dev dependency: install it under NODE_ENV=production too.
    const npm = spawnSync(
      "npm",
      ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev", ...parts[part]],
      {
        cwd: root,
        stdio: "inherit",
        shell: process.platform === "win32",
      },
    );
    if (npm.status !== 0) {
      console.error("npm ci failed; its message is above. Mend that and start again.");
      process.exit(npm.status ?? 1);
    }
  }
  if (!existsSync(node)) {
    // npm may be set to run no install scripts; this one fetches the Node binary, itself an npm package.
    spawnSync(process.execPath, ["installArchSpecificPackage.js"], {
      cwd: join(root, "node_modules/node"),
      stdio: "inherit",
    });
  }
  if (!existsSync(node)) {
    console.error("The `node` package brought no binary for this machine. Run: npm rebuild node");
    process.exit(1);
  }
  if (isReady(part)) return;
  spawnSync(node, [join(root, "scripts/warm.mjs")], { cwd: root, stdio: "inherit" });
  writeFileSync(stamp(part), lockHash());
}

/**
 * Runs the project's own Node in the foreground: same terminal, same exit code. Signals are passed on, so on Ctrl-C the
 * child may hear SIGINT more than once (from the terminal, from npm, from here) and must take the repeats as one.
 */
export function runNode(args, options = {}) {
  // One malloc arena: else each hashing thread keeps the 19 MiB that argon2 used last.
  const env = { MALLOC_ARENA_MAX: "1", ...process.env };
  const child = spawn(node, args, { cwd: root, stdio: "inherit", env, ...options });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal === null ? code : 128 + constants.signals[signal]));
  });
}
