import { makeReady, runNode } from "./ready.mjs";

makeReady("run");
process.exit(await runNode(["server/bin/earshot.mjs", "runserver", "--migrate", ...process.argv.slice(2)]));
