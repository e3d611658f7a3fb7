import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import example from "../../../earshot.settings.example.ts";
import { loadConfig } from "../../../server/src/config.ts";
import { configOf, emptyFolder, folderWithSettings, SECRET, settingsErrorOf } from "./fixtures.ts";

test("without any setting the defaults hold", async (context) => {
  const root = await emptyFolder(context);
  const config = await loadConfig({ root, env: {} });
  assert.deepEqual(config, {
    secretKey: config.secretKey,
    databaseUrl: `sqlite:${join(root, "data", "earshot.db")}`,
    postgres: {
      poolSize: 20,
      statementTimeoutMs: 10_000,
      lockTimeoutMs: 5000,
      idleTransactionTimeoutMs: 10_000,
      pooler: "none",
    },
    dataDir: join(root, "data"),
    host: "127.0.0.1",
    port: 8000,
    allowedHosts: [],
    jwt: {
      accessTokenLifetimeSeconds: 3600,
      refreshTokenLifetimeSeconds: 86_400,
      rotateRefreshTokens: true,
      blacklistAfterRotation: true,
      updateLastLogin: false,
      algorithm: "HS256",
      signingKey: config.secretKey,
      verifyingKey: undefined,
      earlierVerifyingKeys: [],
      jwkUrl: undefined,
      audience: undefined,
      issuer: undefined,
      leewaySeconds: 0,
      authHeaderTypes: ["Bearer"],
      authHeaderName: "authorization",
      userIdClaim: "user_id",
      tokenTypeClaim: "token_type",
      jtiClaim: "jti",
      authTokenClasses: ["access"],
      sliding: { lifetimeSeconds: 300, refreshLifetimeSeconds: 86_400, refreshExpClaim: "refresh_exp" },
      checkRevokeToken: false,
      revokeTokenClaim: "hash_password",
      checkUserIsActive: true,
      hooks: {
        userAuthenticationRule: undefined,
        onLoginSuccess: undefined,
        onLoginFailed: undefined,
        claims: undefined,
      },
    },
    session: { cookieAgeSeconds: 1_209_600, cookieSecure: false, csrfCookieSecure: false },
    refreshRaceSeconds: 10,
    pageSize: 20,
    maxPageSize: 100,
    logLevel: "info",
    warnings: [],
  });
});

test("the example file is accepted and says the defaults", () => {
  assert.deepEqual(configOf(example), configOf({}));
});

test("the example file loads as a settings file", async (context) => {
  const settingsFile = fileURLToPath(new URL("../../../earshot.settings.example.ts", import.meta.url));
  const config = await loadConfig({ root: await emptyFolder(context), settingsFile, env: {} });
  assert.equal(config.port, 8000);
});

test("the environment wins over the file, and overrides win over both", async (context) => {
  const root = await folderWithSettings(
    context,
    `export default { PORT: 1, PAGE_SIZE: 11, MAX_PAGE_SIZE: 50, SIMPLE_JWT: { LEEWAY: 1, ISSUER: "file" } };`,
  );
  const env = { SECRET_KEY: SECRET, PAGE_SIZE: "12", MAX_PAGE_SIZE: "60", SIMPLE_JWT_LEEWAY: "2" };
  const config = await loadConfig({ root, env, overrides: { MAX_PAGE_SIZE: 70, SIMPLE_JWT: { LEEWAY: undefined } } });
  assert.deepEqual([config.port, config.pageSize, config.maxPageSize], [1, 12, 70]);
  assert.deepEqual([config.jwt.leewaySeconds, config.jwt.issuer], [2, "file"]);
});

test("a variable that is empty counts as not set", async (context) => {
  const root = await folderWithSettings(context, "export default { PORT: 9000 };");
  const config = await loadConfig({ root, env: { PORT: "", SECRET_KEY: SECRET, HOST: " " } });
  assert.deepEqual([config.port, config.host], [9000, "127.0.0.1"]);
});

test("settingsFile: false reads no file; a path given must exist", async (context) => {
  const root = await folderWithSettings(context, "export default { PORT: 9000 };");
  assert.equal((await loadConfig({ root, env: {}, settingsFile: false })).port, 8000);
  const { problems } = await settingsErrorOf({ root, env: {}, settingsFile: "other.ts" });
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /^other\.ts cannot be read: .* is missing/);
});

test("every problem of every place is listed at once, and nothing is made", async (context) => {
  const root = await folderWithSettings(
    context,
    `export default {
      PROT: 9000, PAGE_SIZE: "20", SECRET_KEY: "hunter2", SIMPLE_JWT: { ALGORITHM: "HS1024", ACESS_TOKEN_LIFETIME: 5, SECRET_KEY: "hunter3" },
    };`,
  );
  const env = { PORT: "http", DATABASE_URL: "postgres://earshot:hunter4@db", SIMPLE_JWT_LEEWEY: "3" };
  const error = await settingsErrorOf({ root, env, overrides: { HOST: "http://localhost" } });
  const expected = [
    /^PROT \(earshot\.settings\.ts\) is not a setting; did you mean PORT\?$/,
    /^SIMPLE_JWT\.ACESS_TOKEN_LIFETIME \(earshot\.settings\.ts\) is not a setting; did you mean SIMPLE_JWT\.ACCESS_TOKEN_LIFETIME\?$/,
    /^SIMPLE_JWT_LEEWEY \(environment\) is not a setting; did you mean SIMPLE_JWT_LEEWAY\?$/,
    /^SIMPLE_JWT\.SECRET_KEY \(earshot\.settings\.ts\) was removed from simplejwt: write SIMPLE_JWT\.SIGNING_KEY/,
    /^DATABASE_URL \(environment\) names no database; write postgres:/,
    /^SIMPLE_JWT\.ALGORITHM \(earshot\.settings\.ts\) is the text "HS1024"; write one of HS256, .*, ES256K, EdDSA$/,
    /^HOST \(overrides\) is the text "http:\/\/localhost"; write an address or host name without scheme/,
    /^PORT \(environment\) is the text "http"; write a whole number from 0 to 65535$/,
    /^PAGE_SIZE \(earshot\.settings\.ts\) is the text "20"; write a whole number from 1 to 1000$/,
  ];
  for (const pattern of expected) {
    assert.equal(error.problems.filter((problem) => pattern.test(problem)).length, 1, `${pattern}\n${error.message}`);
  }
  assert.equal(error.problems.length, expected.length, error.message);
  for (const problem of error.problems) assert.ok(error.message.includes(problem));
  assert.doesNotMatch(error.message, /hunter/);
  assert.deepEqual(await readdir(root), ["earshot.settings.ts"]);
});

test("a settings file that cannot be loaded is one problem among the others and is not quoted", async (context) => {
  for (const source of ['export default { SECRET_KEY: "hunter2" ', 'throw new Error("hunter2");']) {
    const root = await folderWithSettings(context, source);
    const { problems, message } = await settingsErrorOf({ root, env: { PORT: "x" } });
    assert.equal(problems.length, 2);
    assert.match(
      problems[0] ?? "",
      /^earshot\.settings\.ts cannot be loaded \(\w+\); run `node earshot\.settings\.ts`/,
    );
    assert.doesNotMatch(message, /hunter/);
  }
});

test("a settings file without a default export, or with something else than an object, is refused", async (context) => {
  const cases = [
    ["export const PORT = 1;", /has no default export; write export default defineSettings/],
    ["export default [];", /does not hold an object; write \{/],
    [
      "export default { SIMPLE_JWT: 5 };",
      /^SIMPLE_JWT \(earshot\.settings\.ts\) is not an object; write SIMPLE_JWT: \{/,
    ],
  ] as const;
  for (const [source, pattern] of cases) {
    const { problems } = await settingsErrorOf({ root: await folderWithSettings(context, source), env: {} });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", pattern);
  }
});
