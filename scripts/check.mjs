// npm run check: format, lint with the boundaries between the parts, types, unused code. All steps run; any failure fails.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { makeReady, node, root } from "./ready.mjs";

const steps = [
  { name: "format", tool: "oxfmt/bin/oxfmt", args: ["--check"], mend: "npm run format" },
  { name: "lint", tool: "oxlint/bin/oxlint", args: [] },
  { name: "types", tool: "typescript/bin/tsc", args: ["--project", "tsconfig.json"] },
  { name: "unused", tool: "knip/bin/knip.js", args: ["--no-progress"] },
];

makeReady("all");

let failed = 0;
for (const { name, tool, args, mend } of steps) {
  const started = performance.now();
  const result = spawnSync(node, [join(root, "node_modules", tool), ...args], { cwd: root, encoding: "utf8" });
  const passed = result.status === 0;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${passed ? "ok    " : "FAILED"} ${name.padEnd(7)} ${seconds} s${passed || !mend ? "" : `   mend it with: ${mend}`}`,
  );
  if (!passed) {
    failed += 1;
    console.log(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`.trimEnd());
  }
}
process.exit(failed === 0 ? 0 : 1);
