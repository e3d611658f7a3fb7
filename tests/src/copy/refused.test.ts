import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";

import { adoptCopied, beginCopy, finishCopy } from "../../../server/src/copy/marker.ts";
import { readPlace } from "../../../server/src/copy/place.ts";
import { reconcile } from "../../../server/src/copy/reconcile.ts";
import { openSnapshot } from "../../../server/src/copy/snapshot.ts";
import { copiedTables } from "../../../server/src/copy/tables.ts";
import { createWorkplace, earshot, serve } from "../support/cli.ts";
import { FROM_THE_FUTURE, postgresOnly } from "../support/databases.ts";
import { fill } from "./fill.ts";
import { contentsOf, copySides, directions, isMarked, openSides, type Side, sqliteFile } from "./support.ts";

const NOW = "2026-01-01T00:00:00.000000Z";

for (const { name, from, to, only } of directions) {
  describe(`a copy from ${name}`, () => {
    test("refuses a target that holds rows of its own, and leaves it as it is", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 10));
      await target.fill((database) => fill(database, 20));
      const before = await contentsOf(target);
      await assert.rejects(copySides(source, target), { message: /^The target holds rows already/ });
      assert.deepEqual(await contentsOf(target), before);
      assert.equal(await isMarked(target), false);
    });

    test("refuses the copy of another source, and leaves it as it is", only, async () => {
      await using sides = await openSides();
      const [source, other, target] = [await sides.create(from), await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 10));
      await other.fill((database) => fill(database, 20));
      const { source: otherName } = await copySides(other, target);
      const before = await contentsOf(target);
      await assert.rejects(copySides(source, target), {
        message: `The target holds a copy of another source: ${otherName}.`,
      });
      assert.deepEqual(await contentsOf(target), before);
    });

    test("refuses a target on which a server has been since", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 10));
      await copySides(source, target);
      assert.equal(await isMarked(target), true);
      await target.fill((database) => adoptCopied(database));
      assert.equal(await isMarked(target), false);
      await target.fill((database) => adoptCopied(database));
      await assert.rejects(copySides(source, target), { message: /^The target holds rows already/ });
    });

    test("refuses a source that is not migrated, or too far, or the rest of a copy", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill(async () => {});
      const refuses = (message: RegExp, advice: RegExp) =>
        assert.rejects(copySides(source, target), { name: "Error", message, advice });
      await source.fill(async (database) => void (await beginCopy(database, "elsewhere", NOW)));
      await refuses(/^The copy from elsewhere into this database has not finished/, /Run the same command again/);
      await source.rows("update earshot_copy set finished_at = 'now'");
      await source.rows(FROM_THE_FUTURE);
      await refuses(/was migrated by a newer version/, /with that version/);
      await source.rows("delete from earshot_migrations");
      await refuses(/is not migrated; it lacks 0001_initial/, /npx earshot migrate/);
      await source.rows("drop table earshot_migrations");
      await refuses(/is no database of Earshot's/, /--from/);
      assert.equal(await wasTouched(target), false);
    });

    test("says so where the target changes behind its back, and a further run mends it", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 1000));
      await copySides(source, target);
      const undo = await changeWrites(target);
      await source.rows("update messages set message_body = 'changed' where seq = 3");
      const spoiled = await copySides(source, target);
      const [unequal, ...others] = spoiled.tables.filter(({ isEqual }) => !isEqual);
      assert.deepEqual([unequal?.table, others], ["messages", []]);
      assert.equal(unequal?.source.rows, unequal?.target.rows);
      await target.fill((database) => assert.rejects(adoptCopied(database), { message: /has not finished/ }));
      await undo();
      const { tables } = await copySides(source, target);
      assert.ok(tables.every(({ isEqual }) => isEqual));
    });

    test("ends where another copy into the same target has begun, or a server", only, async () => {
      await using sides = await openSides();
      const [source, target] = [await sides.create(from), await sides.create(to)];
      await source.fill((database) => fill(database, 10));
      const { source: named } = await copySides(source, target);
      const before = await contentsOf(target);
      await source.rows("update users set first_name = 'changed'");
      const snapshot = await openSnapshot(source.place, "source");
      const takenOver = { message: /^The target was taken over meanwhile/ };
      await target.fill(async (database) => {
        const first = await beginCopy(database, named, NOW);
        const second = await beginCopy(database, named, NOW);
        const write = (run: string) => {
          const [users] = copiedTables;
          assert.ok(users !== undefined);
          const { signal } = new AbortController();
          return reconcile(users, { source: snapshot, target: database, run, signal }, false, () => {});
        };
        await assert.rejects(write(first), takenOver);
        await assert.rejects(finishCopy(database, first, NOW), takenOver);
        await assert.rejects(adoptCopied(database), { message: /has not finished/ });
        assert.deepEqual(await contentsOf(target), before);

        await finishCopy(database, second, NOW);
        await adoptCopied(database);
        await assert.rejects(write(second), takenOver);
        await assert.rejects(beginCopy(database, named, NOW), { message: /^The target holds rows already/ });
        assert.deepEqual(await contentsOf(target), before);
      });
      await snapshot.close();
    });
  });
}

describe("a text with the character zero, which only SQLite stores,", () => {
  const spoil = "update messages set message_body = 'a' || char(0) || 'b' where seq = 3";

  test("is copied to SQLite", async () => {
    await using sides = await openSides();
    const [source, target] = [await sides.create("sqlite"), await sides.create("sqlite")];
    await source.fill((database) => fill(database, 100));
    await source.rows(spoil);
    await copySides(source, target);
    assert.deepEqual(await contentsOf(target), await contentsOf(source));
  });

  test("is refused for PostgreSQL by its table and key", postgresOnly("PostgreSQL takes part"), async () => {
    await using sides = await openSides();
    const [source, target] = [await sides.create("sqlite"), await sides.create("postgres")];
    await source.fill((database) => fill(database, 100));
    await source.rows(spoil);
    const [{ message_id } = {}] = await source.rows(
      "select message_id from messages where seq = 3 order by message_id",
    );
    await assert.rejects(copySides(source, target), {
      message:
        "PostgreSQL cannot store the character zero (U+0000), which stands in message_body of the row " +
        `{"message_id":"${String(message_id)}"} of the table messages.`,
    });
    await source.rows("update messages set message_body = 'a b' where seq = 3");
    const { tables } = await copySides(source, target);
    assert.ok(tables.every(({ isEqual }) => isEqual));
  });
});

describe("source and target in one place are refused", () => {
  test("a file by whatever name", async () => {
    await using sides = await openSides();
    const source = await sides.create("sqlite");
    await source.fill((database) => fill(database, 10));
    await symlink(source.url.slice("sqlite:".length), join(sides.folder, "link.db"));
    const linked: Side = { ...source, place: readPlace("--to", "sqlite:link.db", sides.folder) };
    for (const [one, other] of [
      [source, source],
      [source, linked],
      [linked, source],
    ] as const)
      await assert.rejects(copySides(one, other), { message: "Source and target are the same database." });
    assert.equal(await isMarked(source), false);
  });

  test("a schema by whatever URL", postgresOnly("PostgreSQL takes part"), async () => {
    await using sides = await openSides();
    const source = await sides.create("postgres");
    await source.fill((database) => fill(database, 10));
    const place = readPlace("--to", `${source.url}&application_name=another`, sides.folder);
    await assert.rejects(copySides(source, { ...source, place }), {
      message: "Source and target are the same database.",
    });
    assert.equal(await isMarked(source), false);
  });
});

describe("earshot copy", () => {
  test("refuses what it cannot open, shows no password and makes nothing", async () => {
    await using workplace = await createWorkplace();
    await writeFile(join(workplace.folder, "text.db"), "no database ".repeat(1000));
    const secret = "geheim";
    const nowhere = `postgres://ada:${secret}@127.0.0.1:1/earshot`;
    for (const [from, to, complaint] of [
      ["sqlite:absent.db", "sqlite:new.db", /^Error: There is no source sqlite:.*absent\.db\.\n/],
      [
        "sqlite:text.db",
        "sqlite:new.db",
        /^Error: The source sqlite:.*text\.db cannot be used: file is not a database/,
      ],
      [
        nowhere,
        "sqlite:new.db",
        /^Error: The source postgres:\/\/127\.0\.0\.1:1\/earshot cannot be used: .*ECONNREFUSED/,
      ],
      ["sqlite::memory:", "sqlite:new.db", /^Error: --from names a database in memory\.\n/],
      [
        "sqlite:absent.db",
        `mysql://ada:${secret}@host/name`,
        /^Error: --to names a database this release does not have/,
      ],
      ["sqlite:absent.db", `postgres://ada:${secret}#@host/name`, /^Error: --to has a # sign/],
    ] as const) {
      const { code, out, err } = await earshot(workplace, ["copy", "--from", from, "--to", to]);
      assert.deepEqual({ code, out }, { code: 1, out: "" }, err);
      assert.match(err, complaint);
      assert.ok(!err.includes(secret));
      assert.ok(!existsSync(join(workplace.folder, "new.db")) && !existsSync(workplace.dataDir));
    }
    assert.equal((await earshot(workplace, ["copy"])).code, 2);
  });

  test("refuses a target that cannot be opened", async () => {
    await using workplace = await createWorkplace();
    await earshot(workplace, ["migrate"]);
    await writeFile(join(workplace.folder, "text.db"), "no database ".repeat(1000));
    for (const [to, complaint] of [
      ["sqlite:text.db", /^Error: The target sqlite:.*text\.db cannot be used: file is not a database/],
      ["sqlite:absent/new.db", /^Error: The target sqlite:.*new\.db cannot be used: unable to open/],
      [
        "postgres://ada@127.0.0.1:1/x",
        /^Error: The target postgres:\/\/127\.0\.0\.1:1\/x cannot be used: .*ECONNREFUSED/,
      ],
    ] as const) {
      const { code, err } = await earshot(workplace, ["copy", "--to", to]);
      assert.equal(code, 1);
      assert.match(err, complaint);
    }
  });

  test("leaves a target on which a server starts only when it is whole, and which is its own from then on", async () => {
    await using workplace = await createWorkplace();
    await using sides = await openSides();
    const source = await sides.create("sqlite");
    await source.fill((database) => fill(database, 10));
    const copying = ["copy", "--from", source.url, "--to", "sqlite:copied.db"];
    const copied = { ...workplace, env: { ...workplace.env, DATABASE_URL: "sqlite:copied.db" } };
    assert.equal((await earshot(workplace, copying)).code, 0);
    const target = sqliteFile(join(workplace.folder, "copied.db"));
    await target.rows("update earshot_copy set finished_at = null");
    for (const args of [["runserver"], ["runserver", "--migrate"]]) {
      const { code, err } = await earshot(copied, args);
      assert.equal(code, 1);
      assert.match(err, /^Error: The copy from sqlite:.* has not finished\.\nRun the same command again/);
    }
    assert.equal((await earshot(workplace, copying)).code, 0);
    await using server = await serve(copied, []);
    assert.match(server.printed(), /is listening on/);
    assert.equal(await isMarked(target), false);
    const { code, err } = await earshot(workplace, copying);
    assert.equal(code, 1);
    assert.match(err, /^Error: The target holds rows already/);
  });
});

const wasTouched = async ({ tables, url }: Side) =>
  url.startsWith("sqlite:") ? existsSync(url.slice("sqlite:".length)) : (await tables()).length > 0;

/** From now on each message that is written to the target has another text. @returns what undoes that */
async function changeWrites({ rows, url }: Side): Promise<() => Promise<void>> {
  if (url.startsWith("sqlite:")) {
    await rows(`create trigger spoil after update on messages when new.message_body <> 'spoiled'
      begin update messages set message_body = 'spoiled' where message_id = new.message_id; end`);
    return async () => void (await rows("drop trigger spoil"));
  }
  await rows(`create function spoil() returns trigger language plpgsql
    as $$ begin new.message_body = 'spoiled'; return new; end $$`);
  await rows("create trigger spoil before update on messages for each row execute function spoil()");
  return async () => void (await rows("drop trigger spoil on messages"));
}
