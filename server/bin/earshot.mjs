#!/usr/bin/env node
// Plain JavaScript, so that any Node from 20 on can start it. A Node that cannot run the server's TypeScript hands over
// to the one that the `node` package brings.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const args = process.argv.slice(2);
const modules = nearestModules(dirname(fileURLToPath(import.meta.url)));

if (runsTypeScript()) {
  if (modules !== undefined) module.enableCompileCache(join(modules, ".cache", "earshot"));
  const { main } = await import("../src/cli/main.ts");
  process.exitCode = await main(args);
} else {
  handOver();
}

function runsTypeScript() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return (major > 24 || (major === 24 && minor >= 12)) && Boolean(process.features.typescript);
}

function nearestModules(folder) {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, "node_modules");
    if (existsSync(join(candidate, "node", "package.json"))) return candidate;
    if (at === dirname(at)) return undefined;
  }
}

function handOver() {
  const node = modules && join(modules, "node", "bin", "node");
  if (node === undefined || !existsSync(node) || node === process.execPath) {
    console.error(
      `Earshot needs Node 24.12 or newer, with type stripping on; this is ${process.version}. ` +
        "Run `npm start` once in the checkout: it installs the Node that Earshot brings.",
    );
    process.exit(1);
  }
  // One malloc arena: else each hashing thread keeps the 19 MiB that argon2 used last.
  const env = { MALLOC_ARENA_MAX: "1", ...process.env };
  const child = spawn(node, [fileURLToPath(import.meta.url), ...args], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${node} does not start: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
}
