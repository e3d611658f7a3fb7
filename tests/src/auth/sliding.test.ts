import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { detailOf, openConversation, request } from "../support/http.ts";
import {
  asBearer,
  blacklist,
  claims,
  INVALID,
  NO_ACCOUNT,
  obtain,
  PASSWORD,
  refresh,
  sign,
  verify,
} from "../support/tokens.ts";
import {
  assertRefused,
  contentOf,
  LIFETIME,
  login,
  MINUTE,
  notAnyType,
  notValid,
  obtainSliding,
  pass,
  REFRESH_LIFETIME,
  seconds,
  slide,
  slidingToken,
  startSliding,
  tokenOf,
} from "./sliding.ts";

const server = await startSliding();
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });

describe("a sliding token", () => {
  test("is obtained as simplejwt makes it, and proves who asks", async () => {
    const answer = await login(server, "alice");
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(JSON.parse(answer.text)), ["token"]);
    const content = contentOf(tokenOf(answer));
    assert.deepEqual(Object.keys(content), ["token_type", "exp", "iat", "jti", "refresh_exp", "user_id"]);
    assert.equal(content.token_type, "sliding");
    assert.deepEqual(
      [content.iat, content.exp, content.refresh_exp, content.user_id],
      [seconds(), seconds() + LIFETIME, seconds() + REFRESH_LIFETIME, alice],
    );
    assert.match(content.jti, /^[0-9a-f]{32}$/);
    assert.equal((await asBearer(server, tokenOf(answer))).status, 200);
    assert.equal((await verify(server, tokenOf(answer))).status, 200);
  });

  test("sends a message as its user", async () => {
    const { user_id: bob } = await server.createUser({ username: "bob" });
    const bearer = await obtainSliding(server);
    const conversation = await openConversation(server, bearer, [bob]);
    const json = { conversation, message_body: "hello" };
    assert.equal((await request(server, "POST", "/api/messages/", { bearer, json })).status, 201);
    await blacklist(server, bearer);
    assert.equal((await request(server, "POST", "/api/messages/", { bearer, json })).status, 401);
    const { json: page } = await asBearer(server, slidingToken(bob));
    assert.match(JSON.stringify(page), /"message_count":1[,}]/);
  });

  test("ends to the second, and its successor has its id with new times", async () => {
    const first = await obtainSliding(server);
    pass(LIFETIME - 1);
    const answer = await slide(server, first);
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(JSON.parse(answer.text)), ["token"]);
    const [before, next] = [contentOf(first), contentOf(tokenOf(answer))];
    assert.deepEqual(next, { ...before, exp: seconds() + LIFETIME, iat: seconds() });
    assert.deepEqual(Object.keys(next), Object.keys(before));
    assert.equal((await asBearer(server, first)).status, 200, "the one before is good to its own end");
    pass(1);
    const invalid = "Token is invalid or expired";
    assertRefused(await asBearer(server, first), notAnyType(invalid, invalid));
    assertRefused(await slide(server, first), INVALID);
    assert.equal((await asBearer(server, tokenOf(answer))).status, 200);
  });

  test("slides until refresh_exp and no longer", async () => {
    let token = await obtainSliding(server);
    for (let passed = 0; passed < REFRESH_LIFETIME - MINUTE; passed += 4 * MINUTE) {
      pass(4 * MINUTE);
      if (passed + 4 * MINUTE < REFRESH_LIFETIME) token = tokenOf(await slide(server, token));
    }
    assertRefused(await slide(server, token), notValid("Token 'refresh_exp' claim has expired"));
    assert.equal((await asBearer(server, token)).status, 200, "its own time is not over yet");
  });

  test("wrong credentials, and members left out, are answered as at /api/token/", async () => {
    assertRefused(await login(server, "alice", "wrong"), {
      detail: "No active account found with the given credentials",
    });
    const empty = await request(server, "POST", "/api/token/sliding/", { json: {} });
    assert.equal(empty.status, 400);
    assert.deepEqual(empty.json, { username: ["This field is required."], password: ["This field is required."] });
    const noToken = await request(server, "POST", "/api/token/sliding/refresh/", { json: {} });
    assert.equal(noToken.status, 400);
    assert.deepEqual(noToken.json, { token: ["This field is required."] });
    const options = await request(server, "OPTIONS", "/api/token/sliding/refresh/");
    assert.deepEqual(JSON.parse(options.text).name, "Token Refresh Sliding");
    assert.deepEqual(JSON.parse(options.text).actions.POST, {
      token: { type: "string", required: true, read_only: false, label: "Token" },
    });
    const get = await request(server, "GET", "/api/token/sliding/");
    assert.equal(get.status, 405);
    assert.deepEqual(get.json, { detail: 'Method "GET" not allowed.' });
  });
});

describe("what is refreshed must be a sliding token with its time", () => {
  test("of another type or none", async () => {
    const pair = await obtain(server, "alice");
    for (const token of [pair.access, pair.refresh]) {
      assertRefused(await slide(server, token), notValid("Token has wrong type"));
    }
    assertRefused(await refresh(server, await obtainSliding(server)), notValid("Token has wrong type"));
    const typeless = contentOf(slidingToken(alice));
    delete typeless.token_type;
    assertRefused(await slide(server, sign(typeless)), notValid("Token has no type"));
  });
  test("without refresh_exp", async () => {
    const content = contentOf(slidingToken(alice));
    delete content.refresh_exp;
    assertRefused(await slide(server, sign(content)), notValid("Token has no 'refresh_exp' claim"));
  });
  test("with a refresh_exp that is no time", async () => {
    for (const refresh_exp of [null, "9999999999", true, [], {}, -1, 1e20]) {
      assertRefused(await slide(server, slidingToken(alice, { refresh_exp })), INVALID);
    }
  });
  test("with a refresh_exp that has passed, to the second", async () => {
    assertRefused(
      await slide(server, slidingToken(alice, { refresh_exp: seconds() })),
      notValid("Token 'refresh_exp' claim has expired"),
    );
    assert.equal((await slide(server, slidingToken(alice, { refresh_exp: seconds() + 1 }))).status, 200);
  });
  test("and its user must be there and active", async () => {
    await server.createUser({ username: "ivy", password: PASSWORD });
    const token = await obtainSliding(server, "ivy");
    await server.setActive("ivy", false);
    assertRefused(await slide(server, token), NO_ACCOUNT);
    assert.equal(detailOf(await asBearer(server, token)), "User is inactive");
    await server.setActive("ivy", true);
    assert.equal((await slide(server, token)).status, 200);
    await server.deleteUser("ivy");
    assertRefused(await slide(server, token), NO_ACCOUNT);
    assertRefused(await slide(server, slidingToken("nobody")), NO_ACCOUNT);
    assertRefused(await slide(server, slidingToken(alice, { user_id: null })), NO_ACCOUNT);
  });
});

describe("who asks with a token of no class that is taken hears of each class", () => {
  test("a refresh token, an expired one and junk", async () => {
    const { refresh: token } = await obtain(server, "alice");
    const wrong = "Token has wrong type";
    assertRefused(await asBearer(server, token), notAnyType(wrong, wrong));
    const invalid = "Token is invalid or expired";
    assertRefused(await asBearer(server, "a.b.c"), notAnyType(invalid, invalid));
    assertRefused(
      await asBearer(server, sign(claims("access", alice, { exp: undefined, iat: seconds() }))),
      notAnyType("Token has no 'exp' claim", "Token has no 'exp' claim"),
    );
  });
  test("an access token is good beside the sliding ones", async () => {
    const { access } = await obtain(server, "alice");
    assert.equal((await asBearer(server, access)).status, 200);
  });
  test("a token without a user is told so, as with access tokens alone", async () => {
    assertRefused(
      await asBearer(server, slidingToken(alice, { user_id: null })),
      notValid("Token contained no recognizable user identification"),
    );
  });
});

describe("with sliding tokens alone", async () => {
  const only = await startSliding({
    AUTH_TOKEN_CLASSES: ["rest_framework_simplejwt.tokens.SlidingToken"],
    SLIDING_TOKEN_REFRESH_EXP_CLAIM: "renewable_until",
    LEEWAY: 30,
    UPDATE_LAST_LOGIN: true,
  });
  const { user_id } = await only.createUser({ username: "carol", password: PASSWORD });

  test("an access token proves nothing", async () => {
    const answer = await asBearer(only, sign(claims("access", user_id, { iat: seconds(), exp: seconds() + 60 })));
    assertRefused(answer, {
      detail: "Given token not valid for any token type",
      code: "token_not_valid",
      messages: [{ token_class: "SlidingToken", token_type: "sliding", message: "Token has wrong type" }],
    });
  });
  test("the claim has the name that is set, and leeway counts for it", async () => {
    const token = await obtainSliding(only, "carol");
    assert.equal(contentOf(token).renewable_until, seconds() + REFRESH_LIFETIME);
    const { exp, ...rest } = contentOf(token);
    const until = (renewable_until: number) => slide(only, sign({ ...rest, exp, renewable_until }));
    assert.equal((await until(seconds() - 29)).status, 200);
    assertRefused(await until(seconds() - 30), notValid("Token 'renewable_until' claim has expired"));
  });
  test("a login writes last_login", async () => {
    await obtainSliding(only, "carol");
    const [row] = await only.database.rows("select last_login from users where username = 'carol'");
    assert.ok(row?.["last_login"]);
  });
});

test("without sliding among the classes, nothing of them is served or taken", async () => {
  const plain = await startSliding({ AUTH_TOKEN_CLASSES: ["access"] });
  const { user_id } = await plain.createUser({ username: "dan", password: PASSWORD });
  assert.equal((await login(plain, "dan")).status, 404);
  assert.equal((await slide(plain, slidingToken(user_id))).status, 404);
  const token = slidingToken(user_id);
  assertRefused(await blacklist(plain, token), notValid("Token has wrong type"));
  const guarded = await asBearer(plain, token);
  assert.equal(guarded.status, 401);
  assert.equal(JSON.parse(guarded.text).messages.length, 1);
});
