import assert from "node:assert/strict";
import { after, suite, test } from "node:test";

import { createContext, loadConfig } from "@earshot/server";

import { type Migration, migrate, migrations } from "../../../server/src/db/migrate.ts";
import { createWorkplace, EARSHOT } from "../support/cli.ts";
import { PASSWORD } from "../support/tokens.ts";
import { unpackNewestRelease } from "./kept-release.ts";
import { type ReleaseServer, serveRelease } from "./release-server.ts";
import { type People, playScenario } from "./scenario.ts";
import { assertAlike, type Server } from "./transcript.ts";

/** What releases to come may do to the schema. */
const expand: Migration = {
  number: migrations.length + 1,
  name: "example_expand",
  requires: 0,
  statements: ({ text, integer, keyedTable }) => [
    `alter table messages add column example_language ${text}`,
    `create index example_languages on messages (example_language, conversation_id)`,
    `create table example_words (word ${text} not null primary key, uses ${integer} not null) ${keyedTable}`,
  ],
};
const contract: Migration = {
  number: migrations.length + 2,
  name: "example_contract",
  // The release that knew `expand` is the one that stopped using it.
  requires: expand.number,
  statements: () => ["alter table users drop column phone_number"],
};

const cleanup = new AsyncDisposableStack();
after(() => cleanup.disposeAsync());
const release = cleanup.use(await unpackNewestRelease());
const workplace = cleanup.use(await createWorkplace());
const context = createContext(await loadConfig({ env: workplace.env, root: workplace.folder, settingsFile: false }));
cleanup.defer(() => context.close());
await migrate(context.database, context.clock.moment());
const create = (username: string) => context.users.create({ username, password: PASSWORD });
// One after the other: the moments at which they are made set their order in a conversation.
const people: People = { ada: await create("ada"), bob: await create("bob"), carol: await create("carol") };

/** Each test goes on where the one before has left the database and the servers. */
suite(`Earshot ${release.version} on today's database`, () => {
  let before: ReleaseServer;
  let today: ReleaseServer;
  const serveBefore = async () => cleanup.use(await serveRelease(release.command, workplace));

  test("starts beside today's Earshot, and users do not see which of them answers", async () => {
    today = cleanup.use(await serveRelease(EARSHOT, workplace));
    before = await serveBefore();
    await assertServeAlike(before, today);
  });

  test("runs on while an expanding migration is applied, and starts after it", async () => {
    await migrate(context.database, context.clock.moment(), [...migrations, expand]);
    await assertServeAlike(before, today);
    await assertServeAlike(await serveBefore(), today);
  });

  test("does not start after a contracting migration, and says why", async () => {
    await migrate(context.database, context.clock.moment(), [...migrations, expand, contract]);
    await assert.rejects(serveBefore(), ({ message }: Error) => {
      assert.match(message, /^it ended with 1:/);
      assert.match(message, new RegExp(`The database is at migration ${contract.number}, this Earshot knows \\d+\\.`));
      assert.match(message, /start that version, or restore a backup made before the upgrade\./);
      return true;
    });
  });
});

/** Plays the scenario with either of them as the first, so that each step is answered by both. */
async function assertServeAlike(one: Server, later: Server): Promise<void> {
  const first = await playScenario(one, later, people);
  const second = await playScenario(later, one, people);
  assert.equal(first.exchanges.length, second.exchanges.length);
  for (const [index, exchange] of first.exchanges.entries()) {
    const counterpart = second.exchanges[index];
    assert.ok(counterpart !== undefined);
    if (exchange.server === one) assertAlike(exchange.answer, counterpart.answer);
    else assertAlike(counterpart.answer, exchange.answer);
  }
}
