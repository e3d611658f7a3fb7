import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as fc from "fast-check";
import { loadConfig } from "../../../server/src/config.ts";
import { connectionConfig, driver } from "../../../server/src/db/postgres/connection.ts";
import { configOf, emptyFolder, onlyProblemOf, problemsOf, SECRET, settingsErrorOf } from "./fixtures.ts";

const { Client } = await driver();

const problemOf = (url: string) => onlyProblemOf({ DATABASE_URL: url });

function clientOf(url: string) {
  const { databaseUrl, postgres } = configOf({ DATABASE_URL: url });
  return new Client(connectionConfig(databaseUrl, postgres));
}

/** What the driver would connect to. */
function connectionOf(url: string) {
  const { user, password, host, port, database } = clientOf(url);
  return { user, password, host, port, database };
}

test("a PostgreSQL URL is taken as it is given", () => {
  for (const url of [
    "postgres://earshot:hunter2@db.example:5433/earshot",
    "postgresql://earshot@[::1]/earshot",
    "postgres://earshot@db.example./earshot",
    "postgres:///earshot?host=/var/run/postgresql",
    "postgres://earshot:hunter2@/earshot?host=/var/run/postgresql&port=5433",
    "postgres://earshot@%2Fvar%2Frun%2Fpostgresql/earshot",
    "postgres://earshot@127.0.0.1/earshot?options=-c%20search_path%3Dchat&application_name=chat",
  ]) {
    assert.equal(configOf({ DATABASE_URL: url }).databaseUrl, url);
    assert.equal(configOf({}, { DATABASE_URL: ` ${url}\n` }).databaseUrl, url);
  }
  assert.equal(configOf({ DATABASE_URL: "PostgreSQL://a@B/C" }).databaseUrl, "postgresql://a@B/C");
});

test("the driver connects to what a URL says", () => {
  const tcp = {
    user: "ear@shot",
    password: "a/b?c#d:e@f%g h",
    host: "db.example",
    port: 5433,
    database: "chat",
  };
  assert.deepEqual(connectionOf("postgres://ear%40shot:a%2Fb%3Fc%23d:e%40f%25g%20h@db.example:5433/chat"), tcp);
  const socket = { ...tcp, host: "/var/run/postgresql", port: 5433 };
  const login = "ear%40shot:a%2Fb%3Fc%23d%3Ae%40f%25g%20h";
  assert.deepEqual(connectionOf(`postgres://${login}@/chat?host=/var/run/postgresql&port=5433`), socket);
  assert.deepEqual(connectionOf(`postgres://${login}@%2Fvar%2Frun%2Fpostgresql:5433/chat`), socket);
});

test("TLS is verified, unverified or off", () => {
  const sslOf = (mode: string): unknown => clientOf(`postgres://a@db.example/chat?sslmode=${mode}`).ssl;
  assert.equal(sslOf("disable"), false);
  assert.deepEqual(sslOf("no-verify"), { rejectUnauthorized: false });
  assert.deepEqual(sslOf("verify-full"), {});
});

test("whatever URL is taken, the driver understands it as it was meant", () => {
  const part = fc.string({
    unit: fc.constantFrom(...("aZ09%/?#@:[]+&=;.,' \\\"<>|ü😀".match(/./gu) ?? [])),
    maxLength: 8,
  });
  const written = fc.record({
    user: part.filter((user) => user !== ""),
    password: part.filter((password) => password !== ""),
    host: fc.constantFrom("db.example", "127.0.0.1", "/run/my sql", "::1"),
    port: fc.integer({ min: 1, max: 65_535 }),
    database: part,
  });
  let taken = 0;
  fc.assert(
    fc.property(written, fc.boolean(), ({ user, password, host, port, database }, inParameters) => {
      const login = [user, password].map(encodeURIComponent).join(":");
      const authority = host.includes(":") ? `[${host}]` : encodeURIComponent(host);
      const url = inParameters
        ? `postgres://${login}@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}&port=${port}`
        : `postgres://${login}@${authority}:${port}/${encodeURIComponent(database)}`;
      const [problem] = problemsOf({ DATABASE_URL: url });
      if (problem !== undefined) {
        // Only a name of the database can be one the driver cannot be told.
        assert.match(problem, /names no database|else for a database|a database name with one of the signs/);
        return;
      }
      taken += 1;
      const meant = { user, password, host, port, database };
      assert.deepEqual(connectionOf(url), meant);
    }),
    { numRuns: 500 },
  );
  assert.ok(taken > 50, `only ${taken} were taken`);
});

test("a URL written by hand is refused, or understood by the driver with the same host and database", () => {
  const piece = fc.constantFrom(
    "a",
    "5",
    ":",
    "@",
    "/",
    "?",
    "#",
    "%",
    "%2F",
    "%2e",
    "[",
    "]",
    ".",
    ",",
    "&host=",
    "=",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const url = `postgres://u:${pieces.join("")}@db.example/chat`;
      if (problemsOf({ DATABASE_URL: url }).length > 0) return;
      const { host, database, user } = connectionOf(url);
      assert.deepEqual({ host, database, user }, { host: "db.example", database: "chat", user: "u" });
    }),
    { numRuns: 2000 },
  );
});

test("a wrong PostgreSQL URL is refused with what to write, and not shown", () => {
  for (const [url, pattern] of [
    ["postgres:hunter2", /is not a PostgreSQL URL; write postgres:\/\/USER:PASSWORD@HOST:PORT\/NAME/],
    ["postgres://a:hunter2@db", /names no database; write postgres:/],
    ["postgres://a:hunter2@db/", /names no database/],
    ["postgres://a:hunter2@db/?sslmode=disable", /names no database/],
    ["postgres://a:hunter2@db/x/y", /something else for a database than one name/],
    ["postgres://a:hunter2@db/%2e%2E", /something else for a database than one name/],
    ["postgres://a:hunter2@db/x%2Fy", /something else for a database than one name/],
    ["postgres://a:hunter2@db/x%3Fy", /a database name with one of the signs .*; write/],
    ["postgres://a:hunter2@db:0/x", /a port that is not a whole number from 1 to 65535; write/],
    ["postgres://a:hunter2@db:65536/x", /a port that is not/],
    ["postgres://a:hunter2@db:/x", /a port that is not/],
    ["postgres://a:hunter2@/x?host=/run&port=5432x", /a port that is not/],
    ["postgres://a:hunter2/b@db/x", /a port that is not .* a password as %2F/],
    ["postgres://a:hunter2@:5433/x?host=/run", /a port without a host; .*&port=PORT/],
    ["postgres://a:hunter2@db:1/x?port=2", /a host or a port twice/],
    ["postgres://a:hunter2@db/x?host=/run", /a host or a port twice; .* Unix socket postgres:.*\?host=\/FOLDER/],
    ["postgres://a:hunter2@/x", /names no host; .*\?host=\/FOLDER/],
    ["postgres:///hunter2", /names no host/],
    ["postgres://a:hunter2@one,two/x", /something else for a host/],
    ["postgres://a:hunter2@/x?host=one,two", /something else for a host/],
    ["postgres://a:hunter2@/x?host=./run", /something else for a host/],
    ["postgres://a:hunter2@[1.2.3.4]/x", /something else for a host/],
    ["postgres://a:hunter2@/var/run/x", /names no host/],
    ["postgres://:hunter2@db/x", /a password without a user; write/],
    ["postgres://a:hunter2%@db/x", /a percent sign that stands for no character; write %25/],
    ["postgres://a:hunter2%zz@db/x", /a percent sign that stands for no character/],
    ["postgres://a:hunter2%ff@db/x", /a percent sign that stands for no character/],
    ["postgres://a:hunter2%00b@db/x", /a control character; write/],
    ["postgres://a:hunter2 b@db/x", /a space, or a character no URL has; write %20/],
    ["postgres://a:hunter2\n@db/x", /a space, or a character no URL has/],
    ["postgres://a:hunter2\ud800@db/x", /a space, or a character no URL has/],
    ["postgres://a:hunter2#b@db/x", /a # sign; write %23/],
    ["postgres://a:1?hunter2@db/x", /names no database/],
    ["postgres://a:1/x?hunter2@db/x", /a parameter that is not supported; write only host, port, sslmode, .*%3F/],
    ["postgres://db/x?hunter2", /a parameter that is not supported/],
    ["postgres://db/x?__proto__=hunter2", /a parameter that is not supported/],
  ] as const) {
    const problem = problemOf(url);
    assert.match(problem, pattern, url);
    assert.match(problem, /; .*write /, url);
    assert.doesNotMatch(problem, /hunter2/);
  }
});

test("a URL of another program's making is refused with ours", () => {
  for (const scheme of ["postgis", "psql", "pgsql", "postgresql+psycopg", "postgres+asyncpg", "POSTGIS"]) {
    const problem = problemOf(`${scheme}://a:hunter2@db/x`);
    assert.match(problem, /under another program's name; write postgres:\/\/USER:PASSWORD@HOST:PORT\/NAME$/);
    assert.doesNotMatch(problem, /hunter2/);
  }
});

test("parameters of other drivers are refused with what to write here, values unseen", () => {
  for (const [parameter, pattern] of [
    ["user=hunter2", /the parameter user, .* write postgres:/],
    ["password=hunter2", /the parameter password, .* write postgres:/],
    ["dbname=hunter2", /the parameter dbname, .* write postgres:/],
    ["ssl=true", /the parameter ssl, .* write sslmode=verify-full$/],
    ["uselibpqcompat=true", /leave it out and write sslmode=verify-full$/],
    ["channel_binding=require", /leave it out and write sslmode=verify-full$/],
    ["schema=hunter2", /write options=-c%20search_path%3DSCHEMA$/],
    ["connect_timeout=10", /leave it out: connecting has a deadline of its own$/],
    ["statement_timeout=1", /set DATABASE_STATEMENT_TIMEOUT$/],
    ["lock_timeout=1", /set DATABASE_LOCK_TIMEOUT$/],
    ["idle_in_transaction_session_timeout=1", /set DATABASE_IDLE_TRANSACTION_TIMEOUT$/],
    ["connection_limit=1", /set DATABASE_POOL_SIZE$/],
    ["pgbouncer=true", /set DATABASE_POOLER to transaction$/],
    ["application_name=", /has nothing for application_name; write/],
    ["options=-ca%3Db&options=hunter2", /has options more than once; write it once$/],
  ] as const) {
    const problem = problemOf(`postgres://a:hunter2@db/x?${parameter}`);
    assert.match(problem, pattern);
    assert.doesNotMatch(problem, /hunter2/);
  }
});

test("an sslmode that means different things to different programs is refused, and so are contradictory files", () => {
  for (const [parameters, pattern] of [
    [
      "sslmode=require",
      /an sslmode that is not supported; write sslmode=verify-full .*, sslmode=no-verify .* or sslmode=/,
    ],
    ["sslmode=verify-ca", /an sslmode that is not supported/],
    ["sslmode=prefer", /an sslmode that is not supported/],
    ["sslmode=allow", /an sslmode that is not supported/],
    ["sslmode=hunter2", /an sslmode that is not supported/],
    ["sslrootcert=hunter2.crt", /else for sslrootcert than an absolute path; write sslrootcert=\/PATH/],
    ["sslcert=/hunter2.crt", /only one of sslcert and sslkey/],
    ["sslkey=/hunter2.key&sslmode=verify-full", /only one of sslcert and sslkey/],
    ["sslrootcert=/hunter2.crt&sslmode=disable", /certificates for TLS and sslmode=disable; write/],
    ["sslcert=/hunter2.crt&sslkey=/hunter2.key&sslmode=disable", /certificates for TLS and sslmode=disable/],
    ["sslrootcert=/hunter2.crt&sslmode=no-verify", /sslmode=no-verify; write sslmode=verify-full/],
  ] as const) {
    const problem = problemOf(`postgres://a:hunter2@db/x?${parameters}`);
    assert.match(problem, pattern);
    assert.doesNotMatch(problem, /hunter2/);
  }
});

test("a password is shown by no problem, whatever it is and wherever the URL goes wrong", () => {
  const password = fc.stringMatching(/^[a-z]{2}[#?/@:%&= \\[\],;]{1,3}[A-Z]{10}$/);
  const place = fc.constantFrom(
    ["postgres://u:", "@db/x?bad=1"],
    ["postgres://u:", "@db"],
    ["postgres://u:", "@db:x/y"],
    ["postgres://u:", "@db/x"],
    ["postgres:", ""],
    ["postgres://", ""],
    ["postgres://db/x?password=", ""],
    ["postgres://db/x?", ""],
    ["postgres://db/x?sslmode=", ""],
    ["postgresql+psycopg://u:", "@db/x"],
  );
  fc.assert(
    fc.property(place, password, ([before = "", after = ""], secret) => {
      for (const problem of problemsOf({}, { DATABASE_URL: `${before}${secret}${after}` }))
        assert.ok(!secret.split(/[^a-zA-Z]+/).some((piece) => piece.length > 2 && problem.includes(piece)), problem);
    }),
    { numRuns: 500 },
  );
});

test("with PostgreSQL the data folder is made for the secret key only", async (context) => {
  const DATABASE_URL = "postgres://earshot:hunter2@db.example/earshot";
  const root = await emptyFolder(context);
  const config = await loadConfig({ root, env: { DATABASE_URL, SECRET_KEY: SECRET } });
  assert.equal(config.databaseUrl, DATABASE_URL);
  assert.deepEqual(await readdir(root), []);
  const first = await loadConfig({ root, env: { DATABASE_URL } });
  assert.deepEqual(await readdir(join(root, "data")), ["secret_key"]);
  assert.deepEqual(await loadConfig({ root, env: { DATABASE_URL } }), first);
});

test("certificate files that cannot be read stop the start, by their parameters", async (context) => {
  const root = await emptyFolder(context);
  const [authority, certificate, key] = ["ca.crt", "client.crt", "client.key"].map((name) => join(root, name));
  assert.ok(authority !== undefined && certificate !== undefined && key !== undefined);
  const DATABASE_URL = `postgres://a:hunter2@db/x?sslrootcert=${authority}&sslcert=${certificate}&sslkey=${key}`;
  const env = { DATABASE_URL };
  await writeFile(authority, "");
  await mkdir(certificate);
  const { problems } = await settingsErrorOf({ root, env });
  assert.deepEqual(problems, [
    "DATABASE_URL: the file of its sslcert cannot be read (not a file); write the path of a file the server's user may read",
    "DATABASE_URL: the file of its sslkey cannot be read (ENOENT); write the path of a file the server's user may read",
  ]);
  assert.deepEqual((await readdir(root)).toSorted(), ["ca.crt", "client.crt"]);

  const whole = `postgres://a:hunter2@db/x?sslrootcert=${authority}&sslcert=${authority}&sslkey=${authority}`;
  assert.equal((await loadConfig({ root, env: { DATABASE_URL: whole } })).databaseUrl, whole);
});
