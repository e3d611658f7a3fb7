// npm test [-- files…] [--histories=N] [any other flag of `node --test`]
import { availableParallelism } from "node:os";
import { makeReady, runNode } from "./ready.mjs";

const given = process.argv.slice(2);
const isHistories = (argument) => argument.startsWith("--histories=");
const histories = given.findLast(isHistories)?.slice("--histories=".length);
if (histories !== undefined && !/^[1-9][0-9]*$/.test(histories)) {
  console.error(`--histories takes a number of at least 1, not "${histories}".`);
  process.exit(2);
}
const flags = given.filter((argument) => argument.startsWith("-") && !isHistories(argument));
const files = given.filter((argument) => !argument.startsWith("-"));

makeReady("all");

// The tests wait for their own servers most of the time, so two files at once pay even on one core.
const concurrency = Math.max(2, availableParallelism());
// A file that hangs must fail; only a longer property run may take longer.
const deadline = histories === undefined ? ["--test-timeout=240000"] : [];

process.exit(
  await runNode(
    [
      "--test",
      "--test-reporter=spec",
      `--test-concurrency=${concurrency}`,
      ...deadline,
      ...flags,
      ...(files.length > 0 ? files : ["tests/src/**/*.test.ts"]),
    ],
    histories === undefined ? {} : { env: { ...process.env, EARSHOT_TEST_HISTORIES: histories } },
  ),
);
