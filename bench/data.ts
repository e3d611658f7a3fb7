import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./child.ts";

/** A data folder filled as `seed` says, from which each target that stands on it takes a copy. */
export interface SeededData {
  secretKey: string;
  /** A copy in a folder of its own. */
  copy(): Promise<{ folder: string; remove(): Promise<void> }>;
  remove(): Promise<void>;
}

const script = fileURLToPath(new URL("seed.ts", import.meta.url));

async function temporaryFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Fills a new data folder by Earshot's own services, under a secret of this run alone. */
export async function seedData(): Promise<SeededData> {
  const secretKey = randomBytes(48).toString("base64url");
  const { folder, remove } = await temporaryFolder();
  const env = { SECRET_KEY: secretKey, EARSHOT_DATA_DIR: folder };
  try {
    await run({ command: process.execPath, args: [script], cwd: folder, env });
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    secretKey,
    async copy() {
      const copied = await temporaryFolder();
      await cp(folder, copied.folder, { recursive: true });
      return copied;
    },
    remove,
  };
}
