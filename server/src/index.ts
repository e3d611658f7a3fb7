export { createApp } from "./app.ts";
export { type Clock, createClock } from "./clock.ts";
export { type Config, loadConfig, type LoadConfigOptions, SettingsError, type SettingsInput } from "./config.ts";
export { type Context, createContext } from "./context.ts";
export { migrate } from "./db/migrate.ts";
export type { Log } from "./log.ts";
export { createRegistry } from "./registry.ts";
