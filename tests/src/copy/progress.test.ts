import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

import { createWorkplace, EARSHOT, earshot } from "../support/cli.ts";
import { openTerminal, whyNoTerminal } from "../support/terminal.ts";
import { fill } from "./fill.ts";
import { contentsOf, openSides, sqliteFile } from "./support.ts";

/** So many that they are not copied in a moment. */
const MESSAGES = 30_000;
const POLL_MS = 10;
/** How a terminal is told to empty the line. */
const ERASED = "\r\u001B[2K";

test("earshot copy says at a terminal how far it is", { skip: whyNoTerminal() ?? false }, async () => {
  await using workplace = await createWorkplace();
  await using sides = await openSides();
  const source = await sides.create("sqlite");
  await source.fill((database) => fill(database, MESSAGES));
  const terminal = openTerminal(workplace, ["copy", "--from", source.url, "--to", "sqlite:copied.db"]);
  assert.equal(await terminal.ended, 0);
  const [lines = "", ...rest] = terminal.shown().split(/(?=table +rows)/);
  const written = lines.split(ERASED);
  assert.ok(written.some((line) => /^copying messages: [\d,]+ of 30,600 rows, [\d,]+ rows\/s$/.test(line)));
  assert.ok(!lines.includes("\n"), "in one line");
  assert.equal(written.at(-1), "", "which is gone at the end");
  assert.match(rest.join(""), /^messages +30,000 /m);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`earshot copy ends in order at ${signal}, and goes on the next time`, async () => {
    await using workplace = await createWorkplace();
    await using sides = await openSides();
    const source = await sides.create("sqlite");
    await source.fill((database) => fill(database, MESSAGES));
    const copying = ["copy", "--from", source.url, "--to", "sqlite:copied.db"];
    const target = sqliteFile(join(workplace.folder, "copied.db"));
    const there = async () => {
      const [row] = (await target.tables()).includes("messages")
        ? await target.rows("select count(*) as n from messages")
        : [];
      return Number(row?.["n"] ?? 0);
    };

    const child = spawn(process.execPath, [EARSHOT, ...copying], { cwd: workplace.folder, env: workplace.env });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(child, "close");
    while (child.exitCode === null && (await there()) === 0) await delay(POLL_MS);
    child.kill(signal);
    assert.deepEqual(await ended, [1, null]);
    assert.match(said, /^Error: The copy was stopped\.\n.*Run the same command again/);
    const copied = await there();
    assert.ok(copied > 0 && copied < MESSAGES, `${copied} were copied before`);

    const { code, err } = await earshot(workplace, copying);
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.deepEqual(await contentsOf(target), await contentsOf(source));
  });
}
