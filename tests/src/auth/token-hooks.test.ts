import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";

import type { SettingsInput } from "@earshot/server";

import type { HookUser } from "../../../server/src/settings/simple-jwt-hooks.ts";
import { textMember } from "../contract/json.ts";
import { submitLogin } from "../support/browser.ts";
import { type Answer, request } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import { asBearer, BLACKLISTED, NO_ACCOUNT, obtain, pairOf, PASSWORD, refresh } from "../support/tokens.ts";

const WRONG = { detail: "No active account found with the given credentials" };
const BUSY = { detail: "The server is busy. Try again in a moment." };

/** What the functions of the settings file do in a test; by default what they do where there are none. */
interface Behaviour {
  rule(user: HookUser): boolean | Promise<boolean>;
  success(user: HookUser): void | Promise<void>;
  failed(credentials: { readonly username: string }): void | Promise<void>;
  claims(user: HookUser): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;
}

const HARMLESS: Behaviour = { rule: () => true, success: () => {}, failed: () => {}, claims: () => ({}) };
let behaviour = HARMLESS;
beforeEach(() => {
  behaviour = HARMLESS;
});

const settings: SettingsInput = {
  SIMPLE_JWT: {
    AUTH_TOKEN_CLASSES: ["access", "sliding"],
    USER_AUTHENTICATION_RULE: (user) => behaviour.rule(user),
    ON_LOGIN_SUCCESS: (user) => behaviour.success(user),
    ON_LOGIN_FAILED: (credentials) => behaviour.failed(credentials),
  },
  EARSHOT: { CLAIMS: (user) => behaviour.claims(user) },
};
const server = await startServer({ settings });
after(() => server.close());
const { user_id: alice } = await server.createUser({
  username: "alice",
  email: "alice@example.com",
  first_name: "Alice",
  password: PASSWORD,
});

const login = (password = PASSWORD, username = "alice", path = "/api/token/") =>
  request(server, "POST", path, { json: { username, password } });
const slide = (token: string) => request(server, "POST", "/api/token/sliding/refresh/", { json: { token } });
const contentOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const sessions = async () => (await server.database.rows("select session_id from sessions")).length;

function assertAnswer(answer: Answer, status: number, body: object): void {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.json, body);
}

/** That no login succeeds, with 503 and one error in the log that names the setting. */
async function assertFails(name: string, asked: () => Promise<Answer> = () => login()): Promise<void> {
  const [before, logged] = [await sessions(), server.logged.filter(({ level }) => level === "error").length];
  const answer = await asked();
  assertAnswer(answer, 503, BUSY);
  assert.match(answer.header("retry-after") ?? "", /^\d+$/);
  assert.equal(await sessions(), before, "no session was opened");
  const errors = server.logged.filter(({ level }) => level === "error").slice(logged);
  assert.equal(errors.length, 1);
  assert.equal(Object.entries(errors[0]?.details ?? {}).find(([member]) => member === "setting")?.[1], name);
  assert.ok(!JSON.stringify(errors).includes(PASSWORD));
}

const odd: [name: string, give: () => never][] = [
  ["throws", () => assert.fail("a bug in the settings file")],
  [
    "throws no error",
    () => {
      throw "a text";
    },
  ],
];

describe("USER_AUTHENTICATION_RULE", () => {
  test("is told of the user without any secret, once the password matched", async () => {
    const told: HookUser[] = [];
    behaviour = { ...HARMLESS, rule: (user) => told.push(user) > 0 };
    await login("wrong");
    await login(PASSWORD, "nobody");
    assert.deepEqual(told, []);
    assert.equal((await login()).status, 200);
    assert.deepEqual(told, [
      {
        user_id: alice,
        username: "alice",
        email: "alice@example.com",
        first_name: "Alice",
        last_name: "",
        role: "guest",
        is_active: true,
        is_staff: false,
        is_superuser: false,
      },
    ]);
  });

  test("keeps a user out as a wrong password does, and a promise of false does so, too", async () => {
    for (const rule of [() => false, async () => false]) {
      behaviour = { ...HARMLESS, rule };
      assertAnswer(await login(), 401, WRONG);
      assertAnswer(await login(PASSWORD, "alice", "/api/token/sliding/"), 401, WRONG);
    }
  });

  test("is asked at each refresh, and the token stays unspent", async () => {
    const pair = await obtain(server, "alice");
    const sliding = textMember((await login(PASSWORD, "alice", "/api/token/sliding/")).json, "token");
    behaviour = { ...HARMLESS, rule: async (user) => user.username !== "alice" };
    assertAnswer(await refresh(server, pair.refresh), 401, NO_ACCOUNT);
    assertAnswer(await slide(sliding), 401, NO_ACCOUNT);
    assert.equal((await asBearer(server, pair.access)).status, 200, "requests are not asked about");
    behaviour = HARMLESS;
    const next = pairOf(await refresh(server, pair.refresh));
    assert.equal((await slide(sliding)).status, 200);
    behaviour = { ...HARMLESS, rule: () => false };
    assertAnswer(await refresh(server, pair.refresh), 401, BLACKLISTED);
    behaviour = HARMLESS;
    assert.equal((await refresh(server, next.refresh)).status, 200);
  });

  test("that fails decides nothing: 503, and the token stays unspent", async () => {
    const pair = await obtain(server, "alice");
    const answers: [string, Behaviour["rule"]][] = [
      ...odd,
      ["rejects", async () => Promise.reject(new Error("no connection"))],
      ["answers text", () => JSON.parse('"yes"')],
      ["answers a number", () => JSON.parse("1")],
      ["answers nothing", () => JSON.parse("null")],
    ];
    for (const [name, rule] of answers) {
      behaviour = { ...HARMLESS, rule };
      await assertFails("SIMPLE_JWT.USER_AUTHENTICATION_RULE");
      await assertFails("SIMPLE_JWT.USER_AUTHENTICATION_RULE", () => refresh(server, pair.refresh));
      assert.ok(name);
    }
    behaviour = HARMLESS;
    assert.equal((await refresh(server, pair.refresh)).status, 200);
  });

  test("is not asked by the login page, which is not simplejwt's", async () => {
    behaviour = { ...HARMLESS, rule: () => false };
    assert.equal((await submitLogin(server, "alice")).status, 302);
  });
});

describe("ON_LOGIN_SUCCESS and ON_LOGIN_FAILED", () => {
  test("are told of each obtain, and of no refresh", async () => {
    const told: string[] = [];
    behaviour = {
      ...HARMLESS,
      success: (user) => void told.push(`in ${user.username}`),
      failed: async (credentials) => void told.push(`out ${JSON.stringify(credentials)}`),
    };
    const pair = pairOf(await login());
    await refresh(server, pair.refresh);
    await refresh(server, pair.refresh);
    await login(PASSWORD, "alice", "/api/token/sliding/");
    assertAnswer(await login("wrong"), 401, WRONG);
    assertAnswer(await login(PASSWORD, "nobody"), 401, WRONG);
    behaviour = { ...behaviour, rule: () => false };
    assertAnswer(await login(), 401, WRONG);
    assert.deepEqual(told, [
      "in alice",
      "in alice",
      'out {"username":"alice"}',
      'out {"username":"nobody"}',
      'out {"username":"alice"}',
    ]);
  });

  test("a success that fails gives no tokens", async () => {
    for (const [, success] of odd) {
      behaviour = { ...HARMLESS, success };
      await assertFails("SIMPLE_JWT.ON_LOGIN_SUCCESS");
    }
  });

  test("a failure that fails changes nothing but the log", async () => {
    for (const [, failed] of odd) {
      behaviour = { ...HARMLESS, failed };
      const before = server.logged.length;
      assertAnswer(await login("wrong"), 401, WRONG);
      assert.equal(server.logged.length, before + 1);
    }
  });
});

describe("CLAIMS", () => {
  test("stand behind the common ones in every token of a login, and go on at a refresh", async () => {
    behaviour = { ...HARMLESS, claims: async ({ first_name }) => ({ name: first_name, scope: ["read"], sub: "x" }) };
    const pair = await obtain(server, "alice");
    const sliding = textMember((await login(PASSWORD, "alice", "/api/token/sliding/")).json, "token");
    behaviour = HARMLESS;
    const next = pairOf(await refresh(server, pair.refresh));
    const slid = textMember((await slide(sliding)).json, "token");
    for (const token of [pair.access, pair.refresh, next.access, next.refresh, sliding, slid]) {
      const content = contentOf(token);
      assert.deepEqual([content.name, content.scope, content.sub], ["Alice", ["read"], "x"]);
      assert.deepEqual(Object.keys(content).slice(-3), ["name", "scope", "sub"]);
    }
    assert.equal((await asBearer(server, next.access)).status, 200);
  });

  test("are what JSON makes of them", async () => {
    const claims = { at: new Date(0), gone: undefined, text: "\ud800 é", "__proto__ ": 1, nested: { a: [null] } };
    behaviour = { ...HARMLESS, claims: () => claims };
    const content = contentOf((await obtain(server, "alice")).access);
    assert.deepEqual([content.at, "gone" in content], ["1970-01-01T00:00:00.000Z", false]);
    assert.deepEqual(content.nested, { a: [null] });
    assert.equal((await asBearer(server, (await obtain(server, "alice")).access)).status, 200);
  });

  test("as many as are allowed make a token that is taken", async () => {
    behaviour = { ...HARMLESS, claims: () => ({ a: "é".repeat(1990) }) };
    const pair = await obtain(server, "alice");
    assert.equal((await asBearer(server, pair.access)).status, 200);
    assert.equal((await refresh(server, pair.refresh)).status, 200);
  });

  const bad: Record<string, Behaviour["claims"]> = {
    ...Object.fromEntries(odd),
    "a list": () => JSON.parse("[]"),
    nothing: () => JSON.parse("null"),
    text: () => JSON.parse('"name"'),
    "a cycle": () => {
      const cycle: Record<string, unknown> = {};
      cycle["self"] = cycle;
      return cycle;
    },
    "a number without end": () => ({ big: 1n }),
    "too many": () => ({ a: "x".repeat(4000) }),
    "too deep": () => JSON.parse(`${'{"a":'.repeat(17)}1${"}".repeat(17)}`),
    ...Object.fromEntries(
      ["token_type", "exp", "iat", "nbf", "jti", "user_id", "aud", "iss", "refresh_exp", "hash_password"].map(
        (name) => [`the name ${name}`, () => ({ [name]: 1 })],
      ),
    ),
  };
  for (const [name, claims] of Object.entries(bad)) {
    test(`${name} gives no tokens`, async () => {
      behaviour = { ...HARMLESS, claims };
      await assertFails("EARSHOT.CLAIMS");
    });
  }
});
