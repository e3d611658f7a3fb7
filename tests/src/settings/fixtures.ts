import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { loadConfig, type LoadConfigOptions, SettingsError } from "../../../server/src/config.ts";
import { resolveSettings } from "../../../server/src/settings/resolve.ts";
import type { Config } from "../../../server/src/settings/resolved.ts";

export const SECRET = "a secret for tests, 64 bytes long or more, so that every algorithm takes it";

/** An empty folder that is gone after the test. */
export async function emptyFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-settings-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder whose earshot.settings.ts holds `source`. */
export async function folderWithSettings(context: TestContext, source: string): Promise<string> {
  const folder = await emptyFolder(context);
  await writeFile(join(folder, "earshot.settings.ts"), source);
  return folder;
}

/** What a settings file exports and an environment would give, without touching any file. */
export function resolveOnly(file: unknown, environment: Readonly<Record<string, string | undefined>> = {}) {
  const sources = {
    file,
    fileName: "earshot.settings.ts",
    environment,
    overrides: undefined,
    storedSecret: { secretKey: SECRET, path: "/srv/earshot/data/secret_key" },
  };
  return resolveSettings(sources, "/srv/earshot");
}

export function problemsOf(
  file: unknown,
  environment: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  return resolveOnly(file, environment).problems;
}

export function configOf(file: unknown, environment: Readonly<Record<string, string | undefined>> = {}): Config {
  const { config, problems } = resolveOnly(file, environment);
  assert.ok(config, problems.join("\n"));
  return config;
}

/** The one problem of settings that have exactly one. */
export function onlyProblemOf(file: unknown, environment: Readonly<Record<string, string | undefined>> = {}): string {
  const [problem, ...others] = problemsOf(file, environment);
  assert.ok(problem !== undefined, "no problem was found");
  assert.deepEqual(others, []);
  return problem;
}

export async function settingsErrorOf(options: LoadConfigOptions): Promise<SettingsError> {
  const outcome: unknown = await loadConfig(options).catch((error: unknown) => error);
  assert.ok(outcome instanceof SettingsError, "no SettingsError was thrown");
  return outcome;
}

/** That one sentence refuses these settings of SIMPLE_JWT, in these words, without a part of a key. */
export function assertRefusedUnseen(settings: object, pattern: RegExp): void {
  const problem = onlyProblemOf({ SIMPLE_JWT: settings });
  assert.match(problem, pattern);
  for (const value of Object.values(settings).flat()) {
    if (typeof value !== "string" || value.length < 20) continue;
    for (const line of value.split("\n")) {
      assert.ok(line.length < 20 || line.startsWith("-----") || !problem.includes(line), problem);
    }
  }
}
