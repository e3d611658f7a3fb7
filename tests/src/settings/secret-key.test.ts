import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { loadConfig } from "../../../server/src/config.ts";
import { emptyFolder, SECRET, settingsErrorOf } from "./fixtures.ts";

const CONFIG_MODULE = new URL("../../../server/src/config.ts", import.meta.url).href;

test("the first start makes a secret, mode 0600 in a folder with mode 0700, and later starts keep it", async (context) => {
  const root = await emptyFolder(context);
  const first = await loadConfig({ root, env: {} });
  const path = join(root, "data", "secret_key");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(join(root, "data"))).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(join(root, "data")), ["secret_key"]);
  assert.equal((await readFile(path, "utf8")).trim(), first.secretKey);
  assert.ok(Buffer.byteLength(first.secretKey) >= 64, "too short for HS512");
  assert.deepEqual(await loadConfig({ root, env: {} }), first);
});

test("two folders get different secrets", async (context) => {
  const [one, other] = await Promise.all([emptyFolder(context), emptyFolder(context)]);
  const secrets = [await loadConfig({ root: one, env: {} }), await loadConfig({ root: other, env: {} })];
  assert.notEqual(secrets[0]?.secretKey, secrets[1]?.secretKey);
});

test("starters at the same time in one process end up with the same secret", async (context) => {
  for (let round = 0; round < 40; round += 1) {
    const root = await emptyFolder(context);
    const configs = await Promise.all(
      Array.from({ length: 8 }, async (_, starter) => {
        // Spread over about the time one start takes, so that some find the folder, some the file and some nothing.
        await setTimeout((starter * (round % 8)) / 4);
        return loadConfig({ root, env: {}, settingsFile: false });
      }),
    );
    assert.equal(new Set(configs.map(({ secretKey }) => secretKey)).size, 1);
    assert.deepEqual(await readdir(join(root, "data")), ["secret_key"]);
  }
});

test("starters at the same time in several processes end up with the same secret", async (context) => {
  const root = await emptyFolder(context);
  const program = `
    const { loadConfig } = await import(${JSON.stringify(CONFIG_MODULE)});
    process.stdout.write((await loadConfig({ root: ${JSON.stringify(root)}, env: {} })).secretKey);`;
  const secrets = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
        stdio: ["ignore", "pipe", "inherit"],
        timeout: 30_000,
      });
      const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
      return output;
    }),
  );
  assert.equal(secrets[0]?.length, 86);
  assert.equal(new Set(secrets).size, 1);
  assert.deepEqual(await readdir(join(root, "data")), ["secret_key"]);
});

test("a secret given is used and none is made", async (context) => {
  const root = await emptyFolder(context);
  const config = await loadConfig({ root, env: { SECRET_KEY: SECRET, DATABASE_URL: "sqlite::memory:" } });
  assert.equal(config.secretKey, SECRET);
  assert.equal(config.jwt.signingKey, SECRET);
  assert.deepEqual(await readdir(root), []);
});

test("a secret given still gets the data folder its database needs", async (context) => {
  const root = await emptyFolder(context);
  await loadConfig({ root, env: { SECRET_KEY: SECRET } });
  assert.deepEqual(await readdir(root), ["data"]);
  assert.deepEqual(await readdir(join(root, "data")), []);
});

test("a secret file others may read is used with a warning that does not show it", async (context) => {
  const root = await emptyFolder(context);
  const { secretKey } = await loadConfig({ root, env: {} });
  await chmod(join(root, "data", "secret_key"), 0o640);
  const config = await loadConfig({ root, env: {} });
  assert.equal(config.secretKey, secretKey);
  assert.equal(config.warnings.length, 1);
  assert.match(config.warnings[0] ?? "", /other users .* chmod 600/);
  assert.ok(!config.warnings.join().includes(secretKey));
});

test("a secret file that is empty, too short or not a file is refused and left alone", async (context) => {
  const root = await emptyFolder(context);
  const path = join(root, "data", "secret_key");
  await mkdir(join(root, "data"));
  for (const [content, pattern] of [
    ["\n", /secret_key is empty; set SECRET_KEY, or remove the file/],
    ["hunter2\n", /secret_key\) has 7 bytes, and signing with HS256 needs at least 32/],
    ["x".repeat(5000), /secret_key is not a file with one secret in it/],
  ] as const) {
    await writeFile(path, content, { mode: 0o600 });
    const { problems, message } = await settingsErrorOf({ root, env: {} });
    assert.equal(problems.length, 1);
    assert.match(message, pattern);
    assert.doesNotMatch(message, /hunter2/);
    assert.equal(await readFile(path, "utf8"), content);
  }
});

test("a stored secret too short for the algorithm is refused", async (context) => {
  const root = await emptyFolder(context);
  await mkdir(join(root, "data"));
  await writeFile(join(root, "data", "secret_key"), `${"0123456789".repeat(5)}\n`, { mode: 0o600 });
  assert.equal((await loadConfig({ root, env: { SIMPLE_JWT_ALGORITHM: "HS384" } })).jwt.algorithm, "HS384");
  const { message } = await settingsErrorOf({ root, env: { SIMPLE_JWT_ALGORITHM: "HS512" } });
  assert.match(message, /secret_key\) has 50 bytes, and signing with HS512 needs at least 64/);
});

test("a data folder that cannot be made is a problem of EARSHOT_DATA_DIR", async (context) => {
  const root = await emptyFolder(context);
  await writeFile(join(root, "data"), "");
  for (const folder of ["data", "data/below"]) {
    const { problems } = await settingsErrorOf({ root, env: { EARSHOT_DATA_DIR: folder } });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^EARSHOT_DATA_DIR: the folder .* cannot be created or used \((EEXIST|ENOTDIR)\)/);
  }
});
