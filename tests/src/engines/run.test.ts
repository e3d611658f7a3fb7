import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { Client } from "pg";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const DEADLINE_MS = 60_000;
const folder = await mkdtemp(join(tmpdir(), "earshot-test-"));
after(() => rm(folder, { recursive: true }));

/** Runs test files of these texts as `npm test` does. */
async function start(files: Readonly<Record<string, string>>, options: readonly string[]): Promise<ChildProcess> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  await Promise.all(
    Object.entries(files).map(([name, text]) =>
      writeFile(join(folder, name), `import assert from "node:assert"; import { test } from "node:test"; ${text}`),
    ),
  );
  // A test file that starts tests is told by this variable that it is one itself.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawn(process.execPath, [MAIN, ...options, ...paths], { env, timeout: DEADLINE_MS });
}

/** The same on SQLite, to the end. */
async function run(files: Readonly<Record<string, string>>, options: readonly string[] = []) {
  const child = await start(files, ["--engine=sqlite", ...options]);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const [code] = await once(child, "close");
  return { code: Number(code), printed };
}

const GOOD = `test("good", () => {});`;
const BAD = `test("bad", () => assert.equal("this", "that"));`;

test("where all pass, the run does", async () => {
  const { code, printed } = await run({ "good.test.mjs": GOOD });
  assert.match(printed, /^1 passed, 0 skipped, 0 failed/m);
  assert.equal(code, 0);
});

test("where one fails, the run does, and tells it in full with its engine", async () => {
  const { code, printed } = await run({ "good.test.mjs": GOOD, "bad.test.mjs": `${GOOD} ${BAD}` });
  assert.match(printed, /✖ SQLite \d[\d.]*: bad [^]*'this' == 'that'/);
  assert.match(printed, /^2 passed, 0 skipped, 1 failed/m);
  assert.equal(code, 1);
});

test("a file that breaks besides its tests fails", async () => {
  const { code, printed } = await run({
    "broken.test.mjs": `${GOOD} process.on("exit", () => { process.exitCode = 7; });`,
  });
  assert.match(printed, /^1 passed, 0 skipped, 1 failed/m);
  assert.equal(code, 1);
});

test("a run of no tests fails", async () => {
  const { code, printed } = await run({ "good.test.mjs": GOOD }, ["--test-name-pattern=nothing"]);
  assert.match(printed, /SQLite \d[\d.]* ran no tests/);
  assert.equal(code, 1);
});

test("flags for Node reach the test files", async () => {
  const { code, printed } = await run({ "both.test.mjs": `${GOOD} ${BAD}` }, ["--test-name-pattern=good"]);
  assert.match(printed, /^1 passed, 0 skipped, 0 failed/m);
  assert.equal(code, 0);
});

for (const option of ["--engine=oracle", "--histories=0", "--histories=many", "--test-reporter=dot", "--watch"]) {
  test(`${option} is refused`, async () => {
    const { code, printed } = await run({ "good.test.mjs": GOOD }, [option]);
    assert.match(printed, /^(--|npm test does not)/);
    assert.equal(code, 2);
  });
}

test("a path without tests is refused", async () => {
  const { code, printed } = await run({}, ["tests/src/nowhere.test.ts"]);
  assert.equal(printed, "There is no test at tests/src/nowhere.test.ts.\n");
  assert.equal(code, 2);
});

/** Whether a PostgreSQL answers there. */
async function answers(url: string): Promise<boolean> {
  const client = new Client(url);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  test(`ended by ${signal}, a run leaves no PostgreSQL behind`, { timeout: DEADLINE_MS }, async () => {
    const note = join(folder, signal);
    const text = `
      import { writeFileSync } from "node:fs";
      test("hangs", async () => {
        writeFileSync(${JSON.stringify(note)}, process.env.EARSHOT_TEST_DATABASE_URL);
        await new Promise((resolve) => setTimeout(resolve, 20_000));
      });`;
    const child = await start({ "hanging.test.mjs": text }, ["--engine=postgres"]);
    const ended = once(child, "exit");
    let url = "";
    while (url === "") {
      await delay(100);
      url = await readFile(note, "utf8").catch(() => "");
    }
    assert.ok(await answers(url));
    child.kill(signal);
    const [code] = await ended;
    if (signal === "SIGINT") assert.equal(code, 130, "the code of who was interrupted");
    while (await answers(url)) await delay(100);
  });
}
