// The server in a process of its own, so that a test can kill it: `node child-server-main.ts FOLDER`.
import { createApp, createClock, createContext, createRegistry, loadConfig, migrate } from "@earshot/server";
import { SECRET_KEY } from "./server.ts";

const [, , root = ""] = process.argv;
const config = await loadConfig({ env: {}, root, settingsFile: false, overrides: { SECRET_KEY, LOG_LEVEL: "error" } });
const context = createContext(config, { clock: createClock() });
migrate(context.database, context.clock.moment());
context.housekeeping.start();
const app = createApp(context, createRegistry(context));
const url = await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.(new URL(url).host);
