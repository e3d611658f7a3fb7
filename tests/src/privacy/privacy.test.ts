import { after, before, describe, it } from "node:test";
import * as fc from "fast-check";

import { createRegistry } from "@earshot/server";

import { routeLines } from "../../../server/src/http/registry.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { Connection } from "./connection.ts";
import { Coverage } from "./coverage.ts";
import { history, type History } from "./history.ts";
import { MET_ANSWERS } from "./met-answers.ts";
import { playHistory } from "./play.ts";
import { Run } from "./run.ts";

const HISTORIES = Number(process.env["EARSHOT_TEST_HISTORIES"] ?? 2000);
/** Played side by side over one server, each with people of its own. */
const LANES = Math.min(16, HISTORIES);
/** Fewer histories meet every route and answer only by luck. */
const ENOUGH_FOR_COVERAGE = 1000;
/** Histories played at once where those before have missed an answer, and how often. */
const MORE_HISTORIES = 400;
const MORE_ROUNDS = 5;
/** Far more than a history takes, in milliseconds. */
const HISTORY_DEADLINE_MS = 100;

/** A failure is printed with its seed and path; with these it is played again. */
const { EARSHOT_TEST_SEED: SEED, EARSHOT_TEST_PATH: PATH } = process.env;

describe("privacy", () => {
  const coverage = new Coverage();
  let server: TestServer;
  let accounts: Accounts;

  before(async () => {
    server = await startServer({ settings: { EARSHOT: { REFRESH_RACE_WINDOW: { minutes: 5 } } } });
    accounts = await createAccounts(server);
  });
  after(async () => {
    console.log(coverage.summary());
    await server.close();
  });

  const timeout = 120_000 + HISTORIES * HISTORY_DEADLINE_MS;
  it("nobody sees or changes what they may not, whatever happened before", { timeout }, async () => {
    // Once a history of one lane has failed, that one is shrunk and the other lanes need not go on.
    let failing: Connection | undefined;
    const playLane = async (settings: fc.Parameters<[History]>) => {
      const connection = new Connection(server.host);
      const property = fc.asyncProperty(history, async (one) => {
        if (failing !== undefined && failing !== connection) return;
        try {
          await playHistory(new Run({ server, connection, accounts, coverage }), one);
        } catch (error) {
          failing ??= connection;
          throw error;
        }
      });
      try {
        await fc.assert(property, settings);
      } finally {
        connection.close();
      }
    };
    const seed = SEED === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(SEED);
    if (PATH !== undefined) return playLane({ seed, path: PATH, endOnFailure: true });
    const play = async (histories: number, firstSeed: number) => {
      const numRuns = Math.ceil(histories / LANES);
      const lanes = Array.from({ length: LANES }, (_, lane) => playLane({ seed: firstSeed + lane, numRuns }));
      for (const outcome of await Promise.allSettled(lanes)) if (outcome.status === "rejected") throw outcome.reason;
    };
    await play(HISTORIES, seed);
    if (HISTORIES < ENOUGH_FOR_COVERAGE) return;
    for (let round = 1; round <= MORE_ROUNDS && coverage.lacks(MET_ANSWERS).length > 0; round++)
      await play(MORE_HISTORIES, seed + round * LANES);
  });

  const skip =
    (PATH !== undefined && "one history is played again") ||
    (HISTORIES < ENOUGH_FOR_COVERAGE && "so few histories meet every route and answer only by luck");
  it("the histories drive every route there is", { skip }, () => {
    coverage.requireRoutes(routeLines(createRegistry(server.context)));
  });

  it("the histories meet every kind of refusal", { skip }, () => {
    coverage.requireAnswers(MET_ANSWERS);
  });
});
