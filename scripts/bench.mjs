import { makeReady, runNode } from "./ready.mjs";

makeReady("all");
process.exit(await runNode(["bench/main.ts", ...process.argv.slice(2)]));
