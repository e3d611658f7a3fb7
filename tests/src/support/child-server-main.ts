// The server in a process of its own, so that a test can kill it: `node child-server-main.ts FOLDER DATABASE-URL`.
import { createApp, createClock, createContext, createRegistry, loadConfig, migrate } from "@earshot/server";
import { SECRET_KEY } from "./server.ts";

const [, , root = "", DATABASE_URL = ""] = process.argv;
// Who started it is gone.
process.once("disconnect", () => process.exit());
const overrides = { SECRET_KEY, DATABASE_URL, LOG_LEVEL: "warn" } as const;
const config = await loadConfig({ env: {}, root, settingsFile: false, overrides });
const context = createContext(config, { clock: createClock() });
await migrate(context.database, context.clock.moment());
context.housekeeping.start();
const app = createApp(context, createRegistry(context));
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.(new URL(url).host);
