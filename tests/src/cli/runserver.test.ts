import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { describe, it } from "node:test";

import { createWorkplace, earshot, logIn, serve, type Workplace } from "../support/cli.ts";
import { engine, FROM_THE_FUTURE, sqliteOnly } from "../support/databases.ts";

const GOOD = "correct-horse-battery";

const migrated = async (workplace: Workplace) => {
  const { code, err } = await earshot(workplace, ["migrate"]);
  assert.equal(code, 0, err);
};

const homeStatus = async (url: string) => {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
};

describe("earshot runserver", () => {
  it("refuses a place without a database, makes none, and says what to run", async () => {
    await using workplace = await createWorkplace();
    const { code, err } = await earshot(workplace, ["runserver"]);
    assert.equal(code, 1);
    const complaint = engine === "sqlite" ? "no database yet.*" : "is not migrated; it lacks 0001_initial\\.";
    assert.match(err, new RegExp(`${complaint}\nRun: npx earshot migrate\n$`));
    assert.equal(await workplace.database.exists(), false);
  });

  it("refuses a database that is not migrated", async () => {
    await using workplace = await createWorkplace();
    await migrated(workplace);
    await workplace.database.rows("drop table earshot_migrations");
    const { code, err } = await earshot(workplace, ["runserver"]);
    assert.equal(code, 1);
    assert.match(err, /is not migrated; it lacks 0001_initial\.\nRun: npx earshot migrate\n$/);
  });

  for (const args of [["runserver"], ["runserver", "--migrate"], ["migrate"], ["createuser", "ada"]]) {
    it(`${args.join(" ")} refuses the database of a newer version, politely`, async () => {
      await using workplace = await createWorkplace();
      await migrated(workplace);
      await workplace.database.rows(FROM_THE_FUTURE);
      const { code, err } = await earshot(workplace, args);
      assert.equal(code, 1);
      assert.match(err, /^Error: .*used by a newer version.*\n$/);
    });
  }

  it("refuses what is no database of its own, politely", sqliteOnly("it is a file"), async () => {
    await using workplace = await createWorkplace();
    await migrated(workplace);
    const env = { DATABASE_URL: "sqlite:data/secret_key" };
    const { code, err } = await earshot(workplace, ["runserver", "--migrate"], { env });
    assert.equal(code, 1);
    assert.match(err, /^Error: The database cannot be used: .*\n.*DATABASE_URL.*\n$/);
  });

  it("prints where it listens, where the data is and what to do first, and no more", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace);
    const lines = server.printed().trimEnd().split("\n");
    // A database elsewhere is named, without its password.
    const database = engine === "sqlite" ? [] : lines.splice(2, 1);
    for (const line of database) assert.match(line, /^Database: PostgreSQL \w+ at [\w.-]+:\d+$/);
    const [listening, data, first, stop, ...rest] = lines;
    assert.match(listening ?? "", /^Earshot \d+\.\d+\.\d+ is listening on http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.equal(data, `Data folder: ${workplace.dataDir}`);
    assert.match(first ?? "", /npx earshot createsuperuser/);
    assert.equal(stop, "Stop it with Ctrl-C.");
    assert.deepEqual(rest, []);
    assert.equal(await homeStatus(server.url), 200);
  });

  it("says nothing of a first user once there is one, and prints the warnings of the settings", async () => {
    await using workplace = await createWorkplace();
    await migrated(workplace);
    await earshot(workplace, ["createuser", "ada"]);
    await chmod(`${workplace.dataDir}/secret_key`, 0o644);
    await using server = await serve(workplace, []);
    assert.doesNotMatch(server.printed(), /createsuperuser/);
    assert.match(server.printed(), /\nWarning: .*secret_key may be read .*chmod 600/);
  });

  it("lists every wrong setting", async () => {
    await using workplace = await createWorkplace();
    const { code, err } = await earshot(workplace, ["runserver", "--migrate"], {
      env: { PORT: "http", PAGE_SIZE: "0" },
    });
    assert.equal(code, 1);
    assert.match(err, /^2 settings are wrong:\n {2}- .*\n {2}- .*\n.+\n$/);
  });

  it("says what to do where the port is in use", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace);
    const { port } = new URL(server.url);
    const { code, err } = await earshot(workplace, ["runserver", port]);
    assert.equal(code, 1);
    assert.match(
      err,
      new RegExp(`^Error: Port ${port} of 127\\.0\\.0\\.1 is in use.*\\n.*npx earshot runserver .*\\n$`),
    );
  });

  it("listens where it is told", async () => {
    await using workplace = await createWorkplace();
    await using server = await serve(workplace, ["localhost:0", "--migrate"]);
    assert.match(server.url, /^http:\/\/localhost:\d+$/);
  });

  for (const address of ["http", "65536", "a:b:1", "[::1:80", "-1", "::1:8000"]) {
    it(`takes "${address}" for no address: wrong usage`, async () => {
      await using workplace = await createWorkplace();
      assert.equal((await earshot(workplace, ["runserver", "--migrate", address])).code, 2);
    });
  }

  it("lets two starters share a fresh folder, and both serve the same data", async () => {
    await using workplace = await createWorkplace();
    const [one, other] = await Promise.all([serve(workplace), serve(workplace)]);
    await using first = one;
    await using second = other;
    assert.equal((await earshot(workplace, ["createuser", "ada", "--password-stdin"], { stdin: GOOD })).code, 0);
    assert.equal(await logIn(first.url, "ada", GOOD), 200);
    assert.equal(await logIn(second.url, "ada", GOOD), 200);
  });

  it("starts again on what it left, and keeps its secret", async () => {
    await using workplace = await createWorkplace();
    let access = "";
    {
      await using server = await serve(workplace);
      await earshot(workplace, ["createuser", "ada", "--password-stdin"], { stdin: GOOD });
      const response = await fetch(`${server.url}/api/token/`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ username: "ada", password: GOOD }),
      });
      ({ access } = Object(await response.json()));
      server.kill("SIGTERM");
      assert.equal(await server.ended, 0);
    }
    await using server = await serve(workplace, []);
    const response = await fetch(`${server.url}/api/conversations/`, {
      headers: { authorization: `Bearer ${access}` },
    });
    assert.equal(response.status, 200);
  });
});
