// npm test [-- files…] [--engine=sqlite|postgres] [--histories=N] [--test-concurrency=N] [flags of Node for the test files]
import { fileURLToPath } from "node:url";
import { makeReady, runNode } from "./ready.mjs";

makeReady("all");
const main = fileURLToPath(new URL("../tests/src/engines/main.ts", import.meta.url));
process.exit(await runNode([main, ...process.argv.slice(2)]));
