import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { createWorkplace, EARSHOT, serve } from "../support/cli.ts";
import { readTranscript, splitOutput, toPattern, toScript } from "./transcript.ts";

const README = new URL("../../../README.md", import.meta.url);
const run = promisify(execFile);
const DEADLINE_MS = 60_000;

test("the README's transcript prints what it says", async () => {
  await using workplace = await createWorkplace();
  await using server = await serve(workplace);
  const exchanges = readTranscript(await readFile(README, "utf8"));
  assert.ok(exchanges.length > 20, "the transcript was not found");

  // As in the checkout, where `npx earshot` finds the command; and at this server's port.
  const preamble = `npx() { shift; '${process.execPath}' '${EARSHOT}' "$@"; }\n`;
  const script = preamble + toScript(exchanges).replaceAll("http://127.0.0.1:8000", server.url);
  const { stdout } = await run("bash", ["-c", script], {
    cwd: workplace.folder,
    env: { ...workplace.env, PATH: `${dirname(process.execPath)}:${workplace.env["PATH"]}` },
    timeout: DEADLINE_MS,
  });

  const outputs = splitOutput(stdout);
  assert.equal(outputs.length, exchanges.length);
  for (const [at, { command, output }] of exchanges.entries()) {
    assert.match(outputs[at] ?? "", toPattern(output), command);
  }
});
