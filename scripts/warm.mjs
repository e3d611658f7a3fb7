// Loads the server once under the project's own Node, so that the first start finds its TypeScript compiled.
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
module.enableCompileCache(join(root, "node_modules/.cache/earshot"));
await import("../server/src/index.ts");
await import("../server/src/cli/main.ts");
await import("../server/src/cli/commands/runserver.ts");
module.flushCompileCache();
