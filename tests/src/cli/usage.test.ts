import assert from "node:assert/strict";
import { chmod, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";

import { createWorkplace, earshot, type Workplace } from "../support/cli.ts";
import { engine, FROM_THE_FUTURE, sqliteOnly } from "../support/databases.ts";

const COMMANDS = [
  "runserver",
  "migrate",
  "check",
  "routes",
  "flushexpiredtokens",
  "createsuperuser",
  "createuser",
  "changepassword",
  "activateuser",
  "deactivateuser",
  "deleteuser",
  "copy",
  "version",
];

describe("the command line", () => {
  let workplace: Workplace;

  before(async () => {
    workplace = await createWorkplace();
  });

  after(() => workplace[Symbol.asyncDispose]());

  it("names every command in its help", async () => {
    const { code, out } = await earshot(workplace, ["--help"]);
    assert.equal(code, 0);
    const named = [...out.matchAll(/^ {2}([a-z]+)(?: [[<]|\s{2})/gm)].map(([, name]) => name);
    assert.deepEqual(
      named.filter((name) => name !== "help"),
      COMMANDS,
    );
  });

  for (const command of COMMANDS) {
    it(`${command} --help says how to use it, and touches nothing`, async () => {
      const { code, out, err } = await earshot(workplace, [command, "--help"]);
      assert.equal(code, 0);
      assert.ok(out.startsWith(`Usage: earshot ${command} `), out);
      assert.match(out, /\n\n[A-Z][^]*?\.\n\n/);
      assert.equal(err, "");
      await assert.rejects(stat(workplace.dataDir), { code: "ENOENT" });
    });
  }

  for (const [args, complaint] of [
    [[], /^Usage: earshot <command>/],
    [["createusr"], /unknown command 'createusr'\n\(Did you mean createuser\?\)/],
    [["createuser"], /missing required argument 'name'/],
    [["createuser", "ada", "bob"], /too many arguments/],
    [["migrate", "--plann"], /unknown option '--plann'\n\(Did you mean --plan\?\)/],
    [["createuser", "ada", "--email"], /argument missing/],
  ] as const) {
    it(`answers wrong usage with 2: earshot ${args.join(" ")}`, async () => {
      const { code, err } = await earshot(workplace, args);
      assert.equal(code, 2);
      assert.match(err, complaint);
    });
  }

  it("prints its version", async () => {
    const { out } = await earshot(workplace, ["version"]);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
    assert.equal((await earshot(workplace, ["--version"])).out, out);
  });
});

describe("earshot routes", () => {
  it("prints every route with its authentication and permissions, and makes no data folder", async () => {
    await using workplace = await createWorkplace();
    const { code, out } = await earshot(workplace, ["routes"]);
    assert.equal(code, 0);
    const [heading = "", ...lines] = out.trimEnd().split("\n");
    assert.deepEqual(heading.split(/ {2,}/), ["METHOD", "PATH", "AUTHENTICATION", "PERMISSIONS"]);
    for (const line of lines) assert.match(line, /^[A-Z]+ +\/\S* +\S.*  \S/);
    assert.match(out, /^POST +\/api\/token\/ +- +AllowAny$/m);
    assert.match(out, /^GET +\/api\/conversations\/ +JWTAuthentication, SessionAuthentication +IsAuthenticated, /m);
    await assert.rejects(stat(workplace.dataDir), { code: "ENOENT" });
  });

  it("gives the same to programs with --json", async () => {
    await using workplace = await createWorkplace();
    const rows = (await earshot(workplace, ["routes"])).out.trimEnd().split("\n").slice(1);
    const routes: unknown = JSON.parse((await earshot(workplace, ["routes", "--json"])).out);
    assert.ok(Array.isArray(routes));
    assert.deepEqual(
      routes.map(({ method, path }) => `${method} ${path}`),
      rows.map((row) => row.split(/ +/, 2).join(" ")),
    );
    for (const { permissions } of routes) assert.ok(permissions.length > 0);
  });
});

describe("earshot migrate", () => {
  it("plans without changing anything, applies, and then has nothing to do", async () => {
    await using workplace = await createWorkplace();
    const plan = await earshot(workplace, ["migrate", "--plan"]);
    assert.match(plan.out, /^Planned operations:\n {2}0001_initial\n/);
    assert.equal(await workplace.database.exists(), false);
    const first = await earshot(workplace, ["migrate"]);
    assert.match(first.out, /^Running migrations:\n {2}Applying 0001_initial\.\.\. OK\n/);
    const second = await earshot(workplace, ["migrate"]);
    assert.equal(second.out, "Running migrations:\n  No migrations to apply.\n");
    const nothing = await earshot(workplace, ["migrate", "--plan"]);
    assert.equal(nothing.out, "Planned operations:\n  No planned migration operations.\n");
  });

  it("applies each migration once where several run at once", async () => {
    await using workplace = await createWorkplace();
    const runs = await Promise.all([1, 2, 3].map(() => earshot(workplace, ["migrate"])));
    assert.deepEqual(
      runs.map(({ code, err }) => ({ code, err })),
      runs.map(() => ({ code: 0, err: "" })),
    );
    assert.equal(runs.filter(({ out }) => out.includes("Applying 0001_initial... OK")).length, 1);
  });
});

describe("earshot check", () => {
  it("finds nothing wrong with a migrated database", async () => {
    await using workplace = await createWorkplace();
    await earshot(workplace, ["migrate"]);
    const { code, out, err } = await earshot(workplace, ["check"]);
    assert.deepEqual({ code, out, err }, { code: 0, out: "System check identified no issues.\n", err: "" });
  });

  it("reports wrong settings", async () => {
    await using workplace = await createWorkplace();
    const { code, out, err } = await earshot(workplace, ["check"], { env: { PORT: "http", PAGE_SIZE: "0" } });
    assert.equal(code, 1);
    assert.match(err, /^ERROR: .*\nERROR: .*\n$/);
    assert.equal(out, "System check identified 2 issues.\n");
  });

  it("reports a database that is missing", async () => {
    await using workplace = await createWorkplace();
    const { code, err } = await earshot(workplace, ["check"]);
    assert.equal(code, 1);
    const complaint = engine === "sqlite" ? "There is no database yet" : "The database .* is not migrated";
    assert.match(err, new RegExp(`^ERROR: ${complaint}.*npx earshot migrate\n$`));
  });

  it("reports a database of a newer version", async () => {
    await using workplace = await createWorkplace();
    await earshot(workplace, ["migrate"]);
    await workplace.database.rows(FROM_THE_FUTURE);
    const { code, err } = await earshot(workplace, ["check"]);
    assert.equal(code, 1);
    assert.match(err, /^ERROR: .*newer version.*\n$/);
  });

  it("reports what is no database", sqliteOnly("it is a file"), async () => {
    await using workplace = await createWorkplace();
    await earshot(workplace, ["migrate"]);
    for (const name of await readdir(workplace.dataDir)) {
      if (name !== "secret_key") await writeFile(join(workplace.dataDir, name), "something else".repeat(100));
    }
    const { code, err } = await earshot(workplace, ["check"]);
    assert.equal(code, 1);
    assert.match(err, /^ERROR: The database cannot be used: .*\n$/);
  });

  it("warns of a secret and a data folder that others may read", { skip: process.platform === "win32" }, async () => {
    await using workplace = await createWorkplace();
    await earshot(workplace, ["migrate"]);
    await chmod(workplace.dataDir, 0o755);
    await chmod(join(workplace.dataDir, "secret_key"), 0o644);
    const { code, out } = await earshot(workplace, ["check"]);
    assert.equal(code, 0);
    assert.match(out, /^WARNING: .*chmod 600 .*\nWARNING: .*chmod 700 .*\nSystem check identified 2 issues\.\n$/);
  });
});

describe("earshot flushexpiredtokens", () => {
  it("deletes what has run out and nothing else, and prints nothing", async () => {
    await using workplace = await createWorkplace();
    await earshot(workplace, ["migrate"]);
    await earshot(workplace, ["createuser", "ada"]);
    const { rows } = workplace.database;
    const addSession = (session_id: string, expires_at: string) =>
      rows(
        `insert into sessions (session_id, user_id, kind, key_hash, password_epoch, current_jti, created_at, expires_at)
         select $1, user_id, 'cookie', $1, 0, null, '2000-01-01T00:00:00.000000Z', $2 from users`,
        session_id,
        expires_at,
      );
    await addSession("past", "2001-01-01T00:00:00.000000Z");
    await addSession("future", "9999-01-01T00:00:00.000000Z");
    const { code, out, err } = await earshot(workplace, ["flushexpiredtokens"]);
    assert.deepEqual({ code, out, err }, { code: 0, out: "", err: "" });
    const left = await rows("select session_id from sessions");
    assert.deepEqual(
      left.map(({ session_id }) => session_id),
      ["future"],
    );
  });
});
