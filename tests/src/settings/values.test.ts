import assert from "node:assert/strict";
import { test } from "node:test";
import { supportedSettings } from "../../../server/src/settings/catalogue.ts";
import { configOf, onlyProblemOf, problemsOf, SECRET } from "./fixtures.ts";

const lifetimeInFile = (value: unknown) =>
  configOf({ SIMPLE_JWT: { ACCESS_TOKEN_LIFETIME: value } }).jwt.accessTokenLifetimeSeconds;
const lifetimeInEnvironment = (value: string) =>
  configOf({}, { SIMPLE_JWT_REFRESH_TOKEN_LIFETIME: value }).jwt.refreshTokenLifetimeSeconds;
const hostProblem = (host: unknown) => onlyProblemOf({ ALLOWED_HOSTS: ["good.example", host] });
const databaseUrlOf = (value: string) => configOf({ DATABASE_URL: value }).databaseUrl;
const jwtOf = (settings: object, environment = {}) => configOf({ SIMPLE_JWT: settings }, environment).jwt;
const headerNameProblem = (value: unknown) => onlyProblemOf({ SIMPLE_JWT: { AUTH_HEADER_NAME: value } });
const adviceFor = (file: object) => onlyProblemOf(file).replace(/^.*; /, "");

test("a length of time is seconds, timedelta's keywords, or words in the environment", () => {
  assert.equal(lifetimeInFile(90), 90);
  assert.equal(lifetimeInFile({ hours: 1, minutes: 30, seconds: 5 }), 5405);
  assert.equal(lifetimeInFile({ hours: 1.1 }), 3960);
  assert.equal(lifetimeInFile({ days: 1, hours: -1 }), 82_800);
  assert.equal(lifetimeInEnvironment("3600"), 3600);
  assert.equal(lifetimeInEnvironment("60 minutes"), 3600);
  assert.equal(lifetimeInEnvironment("1 day"), 86_400);
  assert.equal(lifetimeInEnvironment(" 1 Week, 2 days 3 hours "), 9 * 86_400 + 3 * 3600);
  assert.equal(lifetimeInEnvironment("1.5 hours"), 5400);
});

test("a length of time that is nothing of the kind, not positive or above ten years is refused", () => {
  const wrong = [
    0,
    -1,
    0.5,
    Number.NaN,
    Infinity,
    "3600",
    null,
    {},
    { days: 0 },
    { days: 3651 },
    { hour: 1 },
    { days: "1" },
    [60],
    true,
  ];
  for (const name of ["ACCESS_TOKEN_LIFETIME", "REFRESH_TOKEN_LIFETIME"]) {
    for (const value of wrong) {
      assert.match(
        onlyProblemOf({ SIMPLE_JWT: { [name]: value } }),
        new RegExp(`^SIMPLE_JWT\\.${name} .*; write `),
        String(value),
      );
    }
    for (const text of ["0", "-5 minutes", "60 minuets", "an hour", "1 day 1", "9".repeat(400), "1e9", "minutes"]) {
      assert.match(
        onlyProblemOf({}, { [`SIMPLE_JWT_${name}`]: text }),
        new RegExp(`^SIMPLE_JWT_${name} .*; write `),
        text,
      );
    }
  }
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { LEEWAY: -1 } }),
    /^SIMPLE_JWT\.LEEWAY .* is -1; write a length of time from 0 seconds/,
  );
  assert.match(onlyProblemOf({ EARSHOT: { REFRESH_RACE_WINDOW: -1 } }), /^EARSHOT\.REFRESH_RACE_WINDOW /);
  assert.equal(configOf({}, { EARSHOT_REFRESH_RACE_WINDOW: "0" }).refreshRaceSeconds, 0);
});

test("booleans in the environment are true, false, 1, 0, yes and no; in the file only true and false", () => {
  for (const [text, expected] of [
    ["true", true],
    ["1", true],
    ["YES", true],
    ["False", false],
    ["0", false],
    [" no ", false],
  ] as const) {
    assert.equal(
      configOf({ SESSION_COOKIE_SECURE: !expected }, { SESSION_COOKIE_SECURE: text }).session.cookieSecure,
      expected,
    );
  }
  assert.match(onlyProblemOf({}, { CSRF_COOKIE_SECURE: "on" }), /is the text "on"; write true or false$/);
  assert.match(onlyProblemOf({ CSRF_COOKIE_SECURE: 1 }), /is 1; write true or false$/);
});

test("a port is a whole number from 0 to 65535", () => {
  assert.equal(configOf({ PORT: 0 }).port, 0);
  assert.equal(configOf({}, { PORT: "65535" }).port, 65_535);
  for (const port of [-1, 65_536, 80.5, "8000", null])
    assert.match(onlyProblemOf({ PORT: port }), /^PORT .*write a whole number from 0 to 65535$/);
  for (const port of ["-1", "65536", "80.5", "0x50", "8000/tcp"])
    assert.match(onlyProblemOf({}, { PORT: port }), /^PORT /);
});

test("hosts have Django's forms, and a slip gets the right one shown", () => {
  const hosts = ["chat.example.com", ".Example.org", "[::1]", "127.0.0.1", "*"];
  assert.deepEqual(
    configOf({ ALLOWED_HOSTS: hosts }).allowedHosts,
    hosts.map((host) => host.toLowerCase()),
  );
  assert.deepEqual(configOf({}, { ALLOWED_HOSTS: "a.example, .b.example," }).allowedHosts, ["a.example", ".b.example"]);
  assert.match(
    hostProblem("https://chat.example.com/"),
    /has a wrong entry \(number 2\): it is .*; write only the name: "chat\.example\.com"$/,
  );
  assert.match(hostProblem("chat.example.com:8000"), /write only the name: "chat\.example\.com"$/);
  assert.match(hostProblem("*.example.com"), /write "\.example\.com"$/);
  assert.match(hostProblem("::1"), /write "\[::1\]"$/);
  for (const host of ["", "a b", "bücher.example", 5, null, "."])
    assert.match(hostProblem(host), /write a host name such as/);
  assert.match(onlyProblemOf({ ALLOWED_HOSTS: "chat.example.com" }), /write a list of host names/);
});

test("the listening host is an address or a name", () => {
  for (const host of ["0.0.0.0", "::", "::1", "localhost"]) assert.equal(configOf({ HOST: host }).host, host);
  for (const host of ["[::1]", "localhost:8000", "http://x", "a b", "", "*"])
    assert.match(onlyProblemOf({ HOST: host }), /^HOST .*; write an address/);
});

test("SQLite's URLs give an absolute file or memory", () => {
  assert.equal(databaseUrlOf("sqlite:chat.db"), "sqlite:/srv/earshot/chat.db");
  assert.equal(databaseUrlOf("sqlite:/var/chat.db"), "sqlite:/var/chat.db");
  assert.equal(databaseUrlOf("sqlite:///var/lib/chat.db"), "sqlite:/var/lib/chat.db");
  assert.equal(databaseUrlOf("sqlite:////var/lib/chat.db"), "sqlite:/var/lib/chat.db");
  assert.equal(databaseUrlOf("sqlite3:./a/../chat.db"), "sqlite:/srv/earshot/chat.db");
  for (const memory of ["sqlite::memory:", "sqlite://", "sqlite://:memory:"])
    assert.equal(databaseUrlOf(memory), "sqlite::memory:");
});

test("other database URLs are refused without being shown", () => {
  for (const [value, pattern] of [
    ["mysql://a:hunter2@db/x", /a database this release does not have; write sqlite:PATH.*, or postgres:/],
    ["hunter2.db", /is not a database URL; write sqlite:PATH/],
    ["sqlite:", /names no file/],
    ["sqlite:hunter2/", /names no file/],
    ["sqlite://hunter2/x.db", /has two slashes/],
    ["sqlite:///hunter2.db", /in the root folder of the machine; write sqlite:PATH/],
    ["sqlite:hunter2.db?mode=ro", /has options/],
  ] as const) {
    const problem = onlyProblemOf({ DATABASE_URL: value });
    assert.match(problem, pattern);
    assert.doesNotMatch(problem, /hunter2/);
  }
});

test("audience and issuer are text, a list of audiences, or null", () => {
  assert.equal(jwtOf({ AUDIENCE: "chat" }).audience, "chat");
  assert.deepEqual(jwtOf({ AUDIENCE: ["chat"] }).audience, ["chat"]);
  assert.equal(jwtOf({ AUDIENCE: null, ISSUER: null }).audience, undefined);
  assert.deepEqual(jwtOf({}, { SIMPLE_JWT_AUDIENCE: "chat,archive" }).audience, ["chat", "archive"]);
  assert.equal(
    jwtOf({}, { SIMPLE_JWT_AUDIENCE: "chat", SIMPLE_JWT_ISSUER: "https://id.example" }).issuer,
    "https://id.example",
  );
  for (const audience of ["", [], [5], 5, {}])
    assert.match(onlyProblemOf({ SIMPLE_JWT: { AUDIENCE: audience } }), /^SIMPLE_JWT\.AUDIENCE .*; write /);
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { ISSUER: ["a"] } }),
    /^SIMPLE_JWT\.ISSUER .* is a list; write the issuer as text/,
  );
});

test("the token's header is written in CGI spelling and has scheme words", () => {
  assert.equal(jwtOf({ AUTH_HEADER_NAME: "HTTP_X_ACCESS_TOKEN" }).authHeaderName, "x-access-token");
  assert.deepEqual(jwtOf({ AUTH_HEADER_TYPES: "JWT" }).authHeaderTypes, ["JWT"]);
  assert.deepEqual(configOf({}, { SIMPLE_JWT_AUTH_HEADER_TYPES: "Bearer,JWT" }).jwt.authHeaderTypes, ["Bearer", "JWT"]);
  assert.match(headerNameProblem("X-Access-Token"), /; write "HTTP_X_ACCESS_TOKEN"$/);
  assert.match(headerNameProblem("http_authorization"), /; write "HTTP_AUTHORIZATION"$/);
  assert.match(headerNameProblem("HTTP_COOKIE"), /a header with another purpose/);
  for (const value of ["", "HTTP_", "HTTP__X", 5, null])
    assert.match(headerNameProblem(value), /write the header in CGI spelling/);
  for (const types of [[], "", ["Bearer token"], [""], "Bearer JWT", null, [5]]) {
    assert.match(
      onlyProblemOf({ SIMPLE_JWT: { AUTH_HEADER_TYPES: types } }),
      /^SIMPLE_JWT\.AUTH_HEADER_TYPES .*; write /,
    );
  }
});

test("what is far too large, odd or of the wrong kind is refused with the setting's name, whatever the setting", () => {
  const takeFunctions = new Set([
    "SIMPLE_JWT.USER_AUTHENTICATION_RULE",
    "SIMPLE_JWT.ON_LOGIN_SUCCESS",
    "SIMPLE_JWT.ON_LOGIN_FAILED",
    "EARSHOT.CLAIMS",
  ]);
  for (const setting of supportedSettings) {
    const [group, key] = setting.name.split(".");
    for (const value of [Symbol("x"), () => 5, 5n, new Map([[1, 2]]), "\ud800", [["x"]]]) {
      if (group === undefined || (typeof value === "function" && takeFunctions.has(setting.name))) continue;
      const name = key === undefined ? group : `${group}.${key}`;
      const file = key === undefined ? { [group]: value } : { [group]: { [key]: value } };
      assert.ok(
        problemsOf(file).some((problem) => problem.startsWith(`${name} (`)),
        `${name} took ${typeof value}`,
      );
    }
  }
});

test("a weak secret key is used with a warning when another key signs", () => {
  for (const [secret, pattern] of [
    ["short but used", /^SECRET_KEY \(earshot\.settings\.ts\) is shorter than 32 bytes/],
    ["x".repeat(60), /fewer than 5 different characters/],
    [`django-insecure-${SECRET}`, /begins with django-insecure-/],
  ] as const) {
    const { warnings } = configOf({ SECRET_KEY: secret, SIMPLE_JWT: { SIGNING_KEY: SECRET } });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", pattern);
  }
});

test("a misspelt EARSHOT_ variable is a warning, a stranger is nobody's business", () => {
  const environment = { EARSHOT_DATADIR: "/x", EARSHOT_SUPERUSER_PASSWORD: "hunter2", EARSHOT_BENCH_PEER: "y" };
  assert.deepEqual(configOf({}, environment).warnings, [
    "EARSHOT_DATADIR (environment) is not a setting and is ignored; did you mean EARSHOT_DATA_DIR?",
  ]);
});

test("an unknown name gets the right one shown, also from the wrong place", () => {
  assert.equal(adviceFor({ ACCESS_TOKEN_LIFETIME: 5 }), "did you mean SIMPLE_JWT.ACCESS_TOKEN_LIFETIME?");
  assert.equal(adviceFor({ SIMPLE_JWT: { PAGE_SIZE: 5 } }), "did you mean PAGE_SIZE?");
  assert.equal(adviceFor({ databaseUrl: "x" }), "did you mean DATABASE_URL?");
  assert.equal(adviceFor({ EARSHOT: { DATA_DIR: "x" } }), "did you mean EARSHOT_DATA_DIR?");
  assert.equal(adviceFor({ EARSHOT_REFRESH_RACE_WINDOW: 5 }), "did you mean EARSHOT.REFRESH_RACE_WINDOW?");
  assert.equal(adviceFor({ INSTALLED_APPS: [] }), "remove it");
  assert.equal(adviceFor({ constructor: 1 }), "remove it");
});
