import { stat } from "node:fs/promises";

import { type Config, SettingsError } from "../../config.ts";
import type { Io } from "../io.ts";
import { openMigrated } from "../open.ts";
import { failureLines } from "../report.ts";

interface Finding {
  readonly level: "ERROR" | "WARNING";
  readonly text: string;
}

/**
 * Looks at the settings, the data folder and the database, and prints what is wrong.
 * @returns the exit code: 1 where something would stop the server, warnings alone are 0
 */
export async function check(io: Io, load: () => Promise<Config>): Promise<number> {
  const findings = await findAll(load);
  for (const { level, text } of findings) (level === "ERROR" ? io.err : io.out)(`${level}: ${text}`);
  io.out(`System check identified ${findings.length === 0 ? "no issues" : count(findings.length)}.`);
  return findings.some(({ level }) => level === "ERROR") ? 1 : 0;
}

async function findAll(load: () => Promise<Config>): Promise<Finding[]> {
  try {
    const config = await load();
    return [
      ...config.warnings.map((text): Finding => ({ level: "WARNING", text })),
      ...(await dataFolder(config)),
      ...(await database(config)),
    ];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map((text): Finding => ({ level: "ERROR", text }));
    throw error;
  }
}

async function dataFolder({ dataDir }: Config): Promise<Finding[]> {
  // Windows has no such modes: there every folder looks readable by all.
  if (process.platform === "win32") return [];
  const found = await stat(dataDir).catch(() => undefined);
  // With the secret and the database elsewhere there may be none.
  if (found === undefined || (found.mode & 0o077) === 0) return [];
  return [{ level: "WARNING", text: `${dataDir} is open to other users of this machine; run: chmod 700 ${dataDir}` }];
}

async function database(config: Config): Promise<Finding[]> {
  try {
    const context = await openMigrated(config);
    await context.close();
    return [];
  } catch (error) {
    return [
      {
        level: "ERROR",
        text: failureLines(error)
          .join(" ")
          .replace(/^Error: /, ""),
      },
    ];
  }
}

function count(issues: number): string {
  return issues === 1 ? "1 issue" : `${issues} issues`;
}
