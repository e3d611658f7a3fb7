// node scripts/keep-release.mjs: keeps the server as it is committed, so that the tests can run the release before beside
// the code of the day. The rule it guards is kept for one release back, so it takes the place of the one kept before.
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "tests/releases");
const SOURCES = ["server/package.json", "server/bin", "server/src", "protocol/package.json", "protocol/src"];

const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trimEnd();

const commit = git("rev-parse", "--short", "HEAD");
const { version } = JSON.parse(git("show", "HEAD:server/package.json"));
const uncommitted = git("status", "--porcelain", "--", ...SOURCES);
const file = join(folder, `${version}.tar.gz`);

git("archive", "--format=tar.gz", "-9", `--output=${file}`, "HEAD", "--", ...SOURCES);
for (const name of readdirSync(folder)) {
  if (name.endsWith(".tar.gz") && name !== `${version}.tar.gz`) rmSync(join(folder, name));
}
console.log(`Kept ${version}, as committed in ${commit}: ${Math.round(statSync(file).size / 1000)} kB in ${file}`);
if (uncommitted !== "") console.log(`Not in it, for they are not committed:\n${uncommitted}`);
