import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./child.ts";

export type Engine = "sqlite" | "postgres";

/** Data filled as `seed` says, from which each target that stands on it takes a copy. */
export interface SeededData {
  engine: Engine;
  /** A copy of its own for the target of that name. */
  copy(target: string): Promise<DataCopy>;
  remove(): Promise<void>;
}

export interface DataCopy {
  /** A folder of the target's own. */
  folder: string;
  /** What a server is told to serve this copy. */
  env: Record<string, string>;
  /** How many connections to the database are open; left out where there are none. */
  countConnections?: () => Promise<number>;
  remove(): Promise<void>;
}

const script = fileURLToPath(new URL("seed.ts", import.meta.url));

/** A secret of this run alone. */
export const makeSecretKey = (): string => randomBytes(48).toString("base64url");

export async function temporaryFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Migrates and fills the database that `env` names, by Earshot's own services. */
export async function fill(folder: string, env: Record<string, string>): Promise<void> {
  await run({ command: process.execPath, args: [script], cwd: folder, env });
}

/** An SQLite database, filled. */
export async function seedSqlite(): Promise<SeededData> {
  const secretKey = makeSecretKey();
  const { folder, remove } = await temporaryFolder();
  try {
    await fill(folder, { SECRET_KEY: secretKey, EARSHOT_DATA_DIR: folder });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    engine: "sqlite",
    async copy() {
      const copied = await temporaryFolder();
      await cp(folder, copied.folder, { recursive: true });
      return { ...copied, env: { SECRET_KEY: secretKey, EARSHOT_DATA_DIR: copied.folder } };
    },
    remove,
  };
}
