import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const KEPT = fileURLToPath(new URL("../../releases/", import.meta.url));
const SUFFIX = ".tar.gz";

/** The release before, as `scripts/keep-release.mjs` has kept it, unpacked. */
export interface KeptRelease {
  readonly version: string;
  /** Its command. */
  readonly command: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Unpacks the newest release that was kept. It brings its own server and protocol; the packages of others it finds up the
 * tree, as they are installed today. For that it lies within the project, and not in a node_modules folder, where Node would
 * not read its TypeScript.
 */
export async function unpackNewestRelease(): Promise<KeptRelease> {
  const versions = (await readdir(KEPT)).flatMap((name) =>
    name.endsWith(SUFFIX) ? [name.slice(0, -SUFFIX.length)] : [],
  );
  const version = versions.toSorted((one, other) => one.localeCompare(other, "en", { numeric: true })).at(-1);
  if (version === undefined) throw new Error("No release was kept yet; run: node scripts/keep-release.mjs");

  const unpacked = join(KEPT, ".unpacked");
  await mkdir(unpacked, { recursive: true });
  const folder = await mkdtemp(join(unpacked, `${version}-`));
  await promisify(execFile)("tar", ["-xzf", join(KEPT, `${version}${SUFFIX}`), "-C", folder]);
  const scope = join(folder, "node_modules/@earshot");
  await mkdir(scope, { recursive: true });
  await symlink("../../protocol", join(scope, "protocol"));
  return {
    version,
    command: join(folder, "server/bin/earshot.mjs"),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
