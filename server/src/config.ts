import { resolve } from "node:path";
import { certificateFileProblems } from "./settings/certificate-files.ts";
import type { SettingsInput } from "./settings/input.ts";
import type { Config } from "./settings/resolved.ts";
import { resolveSettings } from "./settings/resolve.ts";
import { ensureDataDir, readOrMakeSecretKey } from "./settings/secret-key.ts";
import { SettingsError } from "./settings/settings-error.ts";
import { loadSettingsFile } from "./settings/settings-file.ts";
import type { Sources } from "./settings/sources.ts";

export type { Config, JwtSettings } from "./settings/resolved.ts";
export type { LogLevel } from "./settings/words.ts";
export type { SettingsInput } from "./settings/input.ts";
export { SettingsError };

const DEFAULT_SETTINGS_FILE = "earshot.settings.ts";

export interface LoadConfigOptions {
  /** Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder where relative paths start. Default: the working directory. */
  readonly root?: string;
  /** Default: `earshot.settings.ts` in `root`, if it is there. A path given must exist; false reads no file. */
  readonly settingsFile?: string | false;
  /** Win over the environment, which wins over the file. */
  readonly overrides?: SettingsInput;
}

/**
 * Reads the settings file and the environment, and makes what the first start needs: the data folder (mode 0700) and
 * in it `secret_key` (mode 0600), each only where the settings put something there and only where all settings are good.
 *
 * @throws {SettingsError} listing every problem at once.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const root = resolve(options.root ?? process.cwd());
  const fileName = options.settingsFile || DEFAULT_SETTINGS_FILE;
  const file =
    options.settingsFile === false
      ? { ok: true as const, settings: undefined }
      : await loadSettingsFile(resolve(root, fileName), options.settingsFile !== undefined);
  const sources: Sources = {
    file: file.ok ? file.settings : undefined,
    fileName,
    environment: options.env ?? process.env,
    overrides: options.overrides,
    storedSecret: undefined,
  };
  const fileProblems = file.ok ? [] : [file.problem];

  const resolution = resolveSettings(sources, root);
  refuse([...fileProblems, ...resolution.problems, ...(await certificateFileProblems(resolution.certificateFiles))]);
  if (!resolution.hasSecretKey || resolution.databaseIsInDataDir) refuse(await ensureDataDir(resolution.dataDir));
  if (resolution.config !== undefined) return resolution.config;

  const secret = await readOrMakeSecretKey(resolution.dataDir);
  if (!secret.ok) throw new SettingsError([secret.problem]);
  const { config, problems } = resolveSettings({ ...sources, storedSecret: secret.stored }, root);
  if (config === undefined) throw new SettingsError(problems);
  return { ...config, warnings: [...config.warnings, ...secret.stored.warnings] };
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new SettingsError(problems);
}

/** What `createsuperuser --noinput` is told by the environment; undefined where a variable is missing or empty. */
export interface SuperuserEnvironment {
  readonly username: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
}

export function readSuperuserEnvironment(): SuperuserEnvironment {
  const { env } = process;
  return {
    username: env["EARSHOT_SUPERUSER_USERNAME"] || undefined,
    email: env["EARSHOT_SUPERUSER_EMAIL"] || undefined,
    password: env["EARSHOT_SUPERUSER_PASSWORD"] || undefined,
  };
}
