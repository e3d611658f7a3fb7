import assert from "node:assert/strict";
import { createHash, pbkdf2Sync } from "node:crypto";
import { after, describe, test } from "node:test";

import { NoActiveAccount } from "../../../server/src/tokens/errors.ts";
import { createTokenHooks } from "../../../server/src/tokens/hooks.ts";
import { createTokenLogin } from "../../../server/src/tokens/login.ts";
import { textMember } from "../contract/json.ts";
import { type Answer, openConversation, request } from "../support/http.ts";
import { startServer } from "../support/server.ts";
import {
  asBearer,
  blacklist,
  BLACKLISTED,
  claims,
  NO_ACCOUNT,
  obtain,
  pairOf,
  PASSWORD,
  refresh,
  sign,
  verify,
} from "../support/tokens.ts";

const NEW_PASSWORD = "another-long-password-8";
const CHANGED = "The user's password has been changed.";

const start = async (SIMPLE_JWT: object) => {
  const server = await startServer({ settings: { SIMPLE_JWT } });
  after(() => server.close());
  return server;
};
const server = await start({ CHECK_REVOKE_TOKEN: true, AUTH_TOKEN_CLASSES: ["access", "sliding"] });

const newUser = (username: string, at = server) => at.createUser({ username, password: PASSWORD });
const contentOf = (token: string) => JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
const slide = (token: string) => request(server, "POST", "/api/token/sliding/refresh/", { json: { token } });
const obtainSliding = async (username: string, password = PASSWORD) =>
  textMember((await request(server, "POST", "/api/token/sliding/", { json: { username, password } })).json, "token");

const digest = (storedHash: string) => createHash("md5").update(storedHash).digest("hex").toUpperCase();

async function claimOf(username: string, at = server): Promise<string> {
  const [row] = await at.database.rows("select password from users where username = $1", username);
  return digest(String(row?.["password"]));
}

function assertRefused(answer: Answer, body: object): void {
  assert.equal(answer.status, 401, answer.text);
  assert.deepEqual(answer.json, body);
}

describe("tokens hold the digest of the stored hash", () => {
  test("all of a login, last of the claims, and those of a refresh", async () => {
    await newUser("alice");
    const pair = await obtain(server, "alice");
    const next = pairOf(await refresh(server, pair.refresh));
    const hash_password = await claimOf("alice");
    assert.match(hash_password, /^[0-9A-F]{32}$/);
    for (const token of [pair.access, pair.refresh, next.access, next.refresh, await obtainSliding("alice")]) {
      const content = contentOf(token);
      assert.equal(content.hash_password, hash_password);
      assert.equal(Object.keys(content).at(-1), "hash_password");
    }
    assert.equal((await asBearer(server, next.access)).status, 200);
  });

  test("an old hash that is made anew at the login is digested as it is then", async () => {
    await newUser("olga");
    const old = `pbkdf2_sha256$1000$salt$${pbkdf2Sync(PASSWORD, "salt", 1000, 32, "sha256").toString("base64")}`;
    await server.database.rows(`update users set password = '${old}' where username = 'olga'`);
    const pair = await obtain(server, "olga");
    assert.notEqual(contentOf(pair.access).hash_password, digest(old));
    assert.equal((await asBearer(server, pair.access)).status, 200);
    assert.equal((await refresh(server, pair.refresh)).status, 200);
  });
});

describe("a change of the password ends what was obtained before", () => {
  test("access tokens, on every guarded route, and nothing is sent with one", async () => {
    const { user_id: bob } = await newUser("bob");
    const { user_id: carol } = await newUser("carol");
    const { access } = await obtain(server, "bob");
    const conversation = await openConversation(server, access, [carol]);
    await server.setPassword("bob", NEW_PASSWORD);

    assertRefused(await asBearer(server, access), { detail: CHANGED, code: "password_changed" });
    const json = { conversation, message_body: "from the past" };
    for (const [method, path] of [
      ["POST", "/api/messages/"],
      ["POST", `/api/conversations/${conversation}/messages/`],
      ["DELETE", `/api/conversations/${conversation}/`],
      ["OPTIONS", "/api/messages/"],
      ["HEAD", "/api/messages/"],
    ] as const) {
      const answer = await request(server, method, path, { bearer: access, json });
      assert.equal(answer.status, 401, `${method} ${path}`);
    }
    assert.deepEqual(await server.database.rows("select message_id from messages where sender_id = $1", bob), []);
    assert.equal((await verify(server, access)).status, 200, "verify looks at no user");
  });

  test("refresh tokens, which are blacklisted by it", async () => {
    await newUser("dora");
    const { refresh: token } = await obtain(server, "dora");
    await server.setPassword("dora", NEW_PASSWORD);
    const answer = await refresh(server, token);
    assertRefused(answer, { detail: CHANGED });
    assert.equal(answer.header("www-authenticate"), 'Bearer realm="api"');
    assertRefused(await refresh(server, token), BLACKLISTED);
    assertRefused(await blacklist(server, token), BLACKLISTED);
    assert.equal((await verify(server, token)).status, 400);
  });

  test("sliding tokens", async () => {
    await newUser("erin");
    const token = await obtainSliding("erin");
    await server.setPassword("erin", NEW_PASSWORD);
    assertRefused(await asBearer(server, token), { detail: CHANGED, code: "password_changed" });
    assertRefused(await slide(token), { detail: CHANGED });
    assertRefused(await slide(token), BLACKLISTED);
    assert.equal((await asBearer(server, await obtainSliding("erin", NEW_PASSWORD))).status, 200);
  });

  test("and the same password set anew, for its hash is another", async () => {
    await newUser("finn");
    const { access } = await obtain(server, "finn");
    await server.setPassword("finn", PASSWORD);
    assertRefused(await asBearer(server, access), { detail: CHANGED, code: "password_changed" });
    assert.equal((await asBearer(server, (await obtain(server, "finn")).access)).status, 200);
  });
});

describe("tokens without the claim, or with another one, are refused", () => {
  for (const [name, hash_password] of [
    ["none", undefined],
    ["null", null],
    ["an empty text", ""],
    ["a number", 7],
    ["true", true],
    ["a list with the right one", "list"],
    ["the right one in lower case", "lower"],
  ] as const) {
    test(name, async () => {
      const username = `with-${name.replaceAll(" ", "-")}`;
      const { user_id } = await newUser(username);
      const right = await claimOf(username);
      const value =
        hash_password === "list" ? [right] : hash_password === "lower" ? right.toLowerCase() : hash_password;
      const over = { hash_password: value };
      const access = await asBearer(server, sign(claims("access", user_id, over)));
      assertRefused(access, { detail: CHANGED, code: "password_changed" });
      const token = sign(claims("refresh", user_id, over));
      assertRefused(await refresh(server, token), { detail: CHANGED });
      assertRefused(await refresh(server, token), BLACKLISTED);
    });
  }
  test("the account comes first: a user who is not there or inactive is told that", async () => {
    const { user_id } = await newUser("gina");
    await server.setActive("gina", false);
    const codeOf = async (user: string) => JSON.parse((await asBearer(server, sign(claims("access", user)))).text).code;
    assert.equal(await codeOf(user_id), "user_inactive");
    assert.equal(await codeOf("nobody"), "user_not_found");
    assertRefused(await refresh(server, sign(claims("refresh", user_id))), NO_ACCOUNT);
    assertRefused(await refresh(server, sign(claims("refresh", "nobody"))), NO_ACCOUNT);
  });
});

test("a password that has changed while the old one was checked gives no token", async () => {
  const { user_id } = await newUser("hugo");
  await server.setPassword("hugo", NEW_PASSWORD);
  const { context } = server;
  const tokens = createTokenLogin({
    database: context.database,
    login: { check: async () => ({ user_id, password_epoch: 0 }) },
    hooks: createTokenHooks({ settings: context.config.jwt, log: context.log, deadlineMs: 1000 }),
    settings: context.config.jwt,
    log: context.log,
  });
  await assert.rejects(tokens.logIn("hugo", PASSWORD), NoActiveAccount);
});

test("a password that changes among logins leaves no token of the old one good", async () => {
  await newUser("hana");
  const answers = await Promise.all([
    ...Array.from({ length: 6 }, () =>
      request(server, "POST", "/api/token/", { json: { username: "hana", password: PASSWORD } }),
    ),
    server.setPassword("hana", NEW_PASSWORD),
  ]);
  for (const answer of answers) {
    if (answer === undefined || answer.status !== 200) continue;
    assert.equal((await asBearer(server, pairOf(answer).access)).status, 401, "obtained by the old password");
  }
});

test("the claim has the name that is set, and nothing of it is there where it is off", async () => {
  const named = await start({ CHECK_REVOKE_TOKEN: true, REVOKE_TOKEN_CLAIM: "pw" });
  await newUser("ines", named);
  const pair = await obtain(named, "ines");
  assert.equal(contentOf(pair.access).pw, await claimOf("ines", named));
  await named.setPassword("ines", NEW_PASSWORD);
  assert.equal((await asBearer(named, pair.access)).status, 401);

  const off = await start({});
  await newUser("ines", off);
  const plain = await obtain(off, "ines");
  assert.deepEqual(Object.keys(contentOf(plain.access)), ["token_type", "exp", "iat", "jti", "user_id"]);
  await off.setPassword("ines", NEW_PASSWORD);
  assert.equal((await asBearer(off, plain.access)).status, 200, "as the contract has it");
});
