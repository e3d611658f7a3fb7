import assert from "node:assert/strict";
import { test } from "node:test";
import { supportedSettings, unsupportedSettings } from "../../../server/src/settings/catalogue.ts";
import { defineSettings } from "../../../server/src/settings/input.ts";
import { configOf, onlyProblemOf, problemsOf, SECRET } from "./fixtures.ts";

const lifetimes = (access: number, refresh: number) => ({
  SIMPLE_JWT: { ACCESS_TOKEN_LIFETIME: access, REFRESH_TOKEN_LIFETIME: refresh },
});

test("all 36 names of simplejwt are known", () => {
  const supported = supportedSettings.filter(({ name }) => name.startsWith("SIMPLE_JWT."));
  assert.deepEqual([supported.length, unsupportedSettings.length], [28, 8]);
});

test("the block of simplejwt's documentation works as copied", () => {
  const settings = defineSettings({
    SECRET_KEY: SECRET,
    SIMPLE_JWT: {
      ACCESS_TOKEN_LIFETIME: { minutes: 5 },
      REFRESH_TOKEN_LIFETIME: { days: 1 },
      ROTATE_REFRESH_TOKENS: false,
      BLACKLIST_AFTER_ROTATION: false,
      UPDATE_LAST_LOGIN: false,
      ALGORITHM: "HS256",
      SIGNING_KEY: SECRET,
      VERIFYING_KEY: "",
      AUDIENCE: null,
      ISSUER: null,
      JSON_ENCODER: null,
      JWK_URL: null,
      LEEWAY: 0,
      AUTH_HEADER_TYPES: ["Bearer"],
      AUTH_HEADER_NAME: "HTTP_AUTHORIZATION",
      USER_ID_FIELD: "id",
      USER_ID_CLAIM: "user_id",
      USER_AUTHENTICATION_RULE: "rest_framework_simplejwt.authentication.default_user_authentication_rule",
      ON_LOGIN_SUCCESS: "rest_framework_simplejwt.serializers.default_on_login_success",
      ON_LOGIN_FAILED: "rest_framework_simplejwt.serializers.default_on_login_failed",
      AUTH_TOKEN_CLASSES: ["rest_framework_simplejwt.tokens.AccessToken"],
      TOKEN_TYPE_CLAIM: "token_type",
      TOKEN_USER_CLASS: "rest_framework_simplejwt.models.TokenUser",
      JTI_CLAIM: "jti",
      SLIDING_TOKEN_REFRESH_EXP_CLAIM: "refresh_exp",
      SLIDING_TOKEN_LIFETIME: { minutes: 5 },
      SLIDING_TOKEN_REFRESH_LIFETIME: { days: 1 },
      TOKEN_OBTAIN_SERIALIZER: "rest_framework_simplejwt.serializers.TokenObtainPairSerializer",
      TOKEN_REFRESH_SERIALIZER: "rest_framework_simplejwt.serializers.TokenRefreshSerializer",
      TOKEN_VERIFY_SERIALIZER: "rest_framework_simplejwt.serializers.TokenVerifySerializer",
      TOKEN_BLACKLIST_SERIALIZER: "rest_framework_simplejwt.serializers.TokenBlacklistSerializer",
      SLIDING_TOKEN_OBTAIN_SERIALIZER: "rest_framework_simplejwt.serializers.TokenObtainSlidingSerializer",
      SLIDING_TOKEN_REFRESH_SERIALIZER: "rest_framework_simplejwt.serializers.TokenRefreshSlidingSerializer",
      CHECK_REVOKE_TOKEN: false,
      REVOKE_TOKEN_CLAIM: "hash_password",
      CHECK_USER_IS_ACTIVE: true,
    },
  });
  const { jwt } = configOf(settings);
  assert.deepEqual(
    [jwt.accessTokenLifetimeSeconds, jwt.rotateRefreshTokens, jwt.blacklistAfterRotation],
    [300, false, false],
  );
  assert.equal(Object.keys(settings.SIMPLE_JWT ?? {}).length, 36);
});

test("an unsupported setting with another value is refused with its name and a way out", () => {
  for (const { name, environmentName } of unsupportedSettings) {
    const key = name.replace("SIMPLE_JWT.", "");
    for (const value of ["myapp.Thing", () => 5, 5, {}]) {
      const fromFile = onlyProblemOf({ SIMPLE_JWT: { [key]: value } });
      assert.ok(fromFile.startsWith(`${name} (earshot.settings.ts) is not supported: `), fromFile);
      assert.match(fromFile, /leave it out/);
    }
    const fromEnvironment = onlyProblemOf({}, { [environmentName]: "myapp.Thing" });
    assert.ok(fromEnvironment.startsWith(`${environmentName} (environment) is not supported: `), fromEnvironment);
  }
  const problemOf = (key: string) => onlyProblemOf({ SIMPLE_JWT: { [key]: "myapp.Thing" } });
  assert.match(problemOf("JSON_ENCODER"), /claims are plain JSON here/);
  assert.match(problemOf("TOKEN_USER_CLASS"), /every request reads the user from the database/);
  for (const key of ["TOKEN_OBTAIN_SERIALIZER", "SLIDING_TOKEN_OBTAIN_SERIALIZER"])
    assert.match(problemOf(key), /set EARSHOT\.CLAIMS to a function in earshot\.settings\.ts/);
});

test("simplejwt's defaults are taken from the environment too", () => {
  assert.deepEqual(
    problemsOf(
      {},
      {
        SIMPLE_JWT_CHECK_REVOKE_TOKEN: "False",
        SIMPLE_JWT_SLIDING_TOKEN_LIFETIME: "5 minutes",
        SIMPLE_JWT_AUTH_TOKEN_CLASSES: "rest_framework_simplejwt.tokens.AccessToken",
        SIMPLE_JWT_ON_LOGIN_FAILED: "rest_framework_simplejwt.serializers.default_on_login_failed",
        SIMPLE_JWT_TOKEN_USER_CLASS: "rest_framework_simplejwt.models.TokenUser",
      },
    ),
    [],
  );
});

test("a removed name is refused with the new one", () => {
  for (const [key, instead] of [
    ["AUTH_HEADER_TYPE", "SIMPLE_JWT.AUTH_HEADER_TYPES"],
    ["AUTH_TOKEN_CLASS", "SIMPLE_JWT.AUTH_TOKEN_CLASSES"],
    ["SECRET_KEY", "SIMPLE_JWT.SIGNING_KEY"],
    ["TOKEN_BACKEND_CLASS", "SIMPLE_JWT.ALGORITHM"],
  ] as const) {
    const problem = onlyProblemOf({ SIMPLE_JWT: { [key]: "hunter2" } });
    assert.ok(problem.startsWith(`SIMPLE_JWT.${key} (earshot.settings.ts) was removed from simplejwt: `), problem);
    assert.ok(problem.includes(instead), problem);
    assert.doesNotMatch(problem, /hunter2/);
    assert.match(
      onlyProblemOf({}, { [`SIMPLE_JWT_${key}`]: "hunter2" }),
      /^SIMPLE_JWT_\w+ \(environment\) was removed/,
    );
  }
});

test("the user id field may be called id or user_id", () => {
  for (const field of ["id", "user_id"]) assert.deepEqual(problemsOf({ SIMPLE_JWT: { USER_ID_FIELD: field } }), []);
  assert.match(onlyProblemOf({ SIMPLE_JWT: { USER_ID_FIELD: "email" } }), /write "id" or "user_id"/);
});

test("blacklisting follows rotation unless it is asked for", () => {
  const { jwt } = configOf({ SIMPLE_JWT: { ROTATE_REFRESH_TOKENS: false } });
  assert.deepEqual([jwt.rotateRefreshTokens, jwt.blacklistAfterRotation], [false, false]);
  assert.equal(configOf({ SIMPLE_JWT: { BLACKLIST_AFTER_ROTATION: false } }).jwt.rotateRefreshTokens, true);
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { BLACKLIST_AFTER_ROTATION: true } }, { SIMPLE_JWT_ROTATE_REFRESH_TOKENS: "no" }),
    /^SIMPLE_JWT\.BLACKLIST_AFTER_ROTATION \(earshot\.settings\.ts\) is true, but SIMPLE_JWT_ROTATE_REFRESH_TOKENS \(environment\) is false/,
  );
});

test("an access token does not outlive the refresh token", () => {
  assert.deepEqual(problemsOf(lifetimes(60, 60)), []);
  assert.match(
    onlyProblemOf(lifetimes(61, 60)),
    /^SIMPLE_JWT\.ACCESS_TOKEN_LIFETIME .* is 61 seconds, longer than SIMPLE_JWT\.REFRESH_TOKEN_LIFETIME/,
  );
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { ACCESS_TOKEN_LIFETIME: { days: 2 } } }),
    /REFRESH_TOKEN_LIFETIME \(default\) with 86400 seconds/,
  );
  assert.match(onlyProblemOf(lifetimes(61, -1)), /^SIMPLE_JWT\.REFRESH_TOKEN_LIFETIME /);
});

test("claims have names, none that means something else, and each its own", () => {
  const names = [
    "USER_ID_CLAIM",
    "TOKEN_TYPE_CLAIM",
    "JTI_CLAIM",
    "SLIDING_TOKEN_REFRESH_EXP_CLAIM",
    "REVOKE_TOKEN_CLAIM",
  ];
  for (const name of names) {
    for (const claim of ["exp", "iat", "nbf", "iss", "aud"]) {
      assert.match(
        onlyProblemOf({ SIMPLE_JWT: { [name]: claim } }),
        /RFC 7519 gives another meaning; write a name other than/,
      );
    }
    for (const claim of ["", null, "__proto__", "a b", "x".repeat(65), 5]) {
      assert.match(
        onlyProblemOf({ SIMPLE_JWT: { [name]: claim } }),
        new RegExp(`^SIMPLE_JWT\\.${name} .*write a claim name`),
      );
    }
  }
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { TOKEN_TYPE_CLAIM: null } }),
    /is null; without it a refresh token would pass for an access token/,
  );
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { JTI_CLAIM: null } }),
    /is null; without it a token has no id and could not be blacklisted/,
  );
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { USER_ID_CLAIM: "jti" } }),
    /^SIMPLE_JWT\.JTI_CLAIM \(default\) and SIMPLE_JWT\.USER_ID_CLAIM .* are both "jti"/,
  );
  assert.equal(problemsOf({ SIMPLE_JWT: { USER_ID_CLAIM: "x", TOKEN_TYPE_CLAIM: "x", JTI_CLAIM: "x" } }).length, 3);
  assert.equal(configOf({ SIMPLE_JWT: { USER_ID_CLAIM: "sub" } }).jwt.userIdClaim, "sub");
});

test("a claim that nothing writes takes nobody's name", () => {
  const claims = { SLIDING_TOKEN_REFRESH_EXP_CLAIM: "jti", REVOKE_TOKEN_CLAIM: "jti" };
  assert.deepEqual(problemsOf({ SIMPLE_JWT: claims }), []);
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { ...claims, AUTH_TOKEN_CLASSES: ["sliding"] } }),
    /^SIMPLE_JWT\.SLIDING_TOKEN_REFRESH_EXP_CLAIM .* and SIMPLE_JWT\.JTI_CLAIM \(default\) are both "jti"/,
  );
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { ...claims, CHECK_REVOKE_TOKEN: true } }),
    /^SIMPLE_JWT\.REVOKE_TOKEN_CLAIM .* and SIMPLE_JWT\.JTI_CLAIM \(default\) are both "jti"/,
  );
});

test("the classes that prove who asks are access, sliding or both, each once", () => {
  const classesOf = (value: unknown) => configOf({ SIMPLE_JWT: { AUTH_TOKEN_CLASSES: value } }).jwt.authTokenClasses;
  const [access, sliding] = ["Access", "Sliding"].map((name) => `rest_framework_simplejwt.tokens.${name}Token`);
  assert.deepEqual(classesOf([access]), ["access"]);
  assert.deepEqual(classesOf([sliding, access]), ["sliding", "access"]);
  assert.deepEqual(classesOf("sliding"), ["sliding"]);
  assert.deepEqual(classesOf(["access", access, "sliding"]), ["access", "sliding"]);
  assert.deepEqual(configOf({}, { SIMPLE_JWT_AUTH_TOKEN_CLASSES: "access,sliding" }).jwt.authTokenClasses, [
    "access",
    "sliding",
  ]);
  for (const value of ["rest_framework_simplejwt.tokens.RefreshToken", "refresh", ["access", "x.UntypedToken"]])
    assert.match(
      onlyProblemOf({ SIMPLE_JWT: { AUTH_TOKEN_CLASSES: value } }),
      /would let a refresh token prove who asks/,
    );
  for (const value of [[], "", null, ["myapp.Token"], [5], {}, "constructor"])
    assert.match(
      onlyProblemOf({ SIMPLE_JWT: { AUTH_TOKEN_CLASSES: value } }),
      /^SIMPLE_JWT\.AUTH_TOKEN_CLASSES .*write one or both of "access" and "sliding"$/,
    );
});

test("functions stand in the settings file; Python's are refused with what to write", () => {
  const keys = {
    USER_AUTHENTICATION_RULE: "userAuthenticationRule",
    ON_LOGIN_SUCCESS: "onLoginSuccess",
    ON_LOGIN_FAILED: "onLoginFailed",
  } as const;
  for (const [key, member] of Object.entries(keys)) {
    const hook = () => true;
    const jwt = configOf({ SIMPLE_JWT: { [key]: hook } }).jwt;
    assert.equal(Object.entries(jwt.hooks).find(([name]) => name === member)?.[1], hook);
    const fromFile = onlyProblemOf({ SIMPLE_JWT: { [key]: "myapp.rules.only_staff" } });
    assert.ok(
      fromFile.startsWith(
        `SIMPLE_JWT.${key} (earshot.settings.ts) names a Python function, which cannot be called here; write a function in earshot.settings.ts, such as (`,
      ),
      fromFile,
    );
    const fromEnvironment = onlyProblemOf({}, { [`SIMPLE_JWT_${key}`]: "myapp.rules.only_staff" });
    assert.match(fromEnvironment, /\(environment\) names a Python function, .*earshot\.settings\.ts/);
    for (const value of ["", null, true, {}, "a text", [() => true]])
      assert.match(onlyProblemOf({ SIMPLE_JWT: { [key]: value } }), /write a function in earshot\.settings\.ts/);
  }
  const claims = () => ({});
  assert.equal(configOf({ EARSHOT: { CLAIMS: claims } }).jwt.hooks.claims, claims);
  assert.match(onlyProblemOf({ EARSHOT: { CLAIMS: "myapp.claims" } }), /^EARSHOT\.CLAIMS .*names a Python function/);
  assert.match(onlyProblemOf({ EARSHOT: { CLAIMS: {} } }), /such as \(user\) => \(\{ name: user\.first_name \}\)$/);
});

test("a page is not larger than the largest page", () => {
  assert.deepEqual(problemsOf({ PAGE_SIZE: 50, MAX_PAGE_SIZE: 50 }), []);
  assert.match(
    onlyProblemOf({ PAGE_SIZE: 101 }),
    /^PAGE_SIZE \(earshot\.settings\.ts\) is 101, more than MAX_PAGE_SIZE \(default\) with 100/,
  );
  assert.match(
    onlyProblemOf({}, { MAX_PAGE_SIZE: "10" }),
    /^PAGE_SIZE \(default\) is 20, more than MAX_PAGE_SIZE \(environment\) with 10/,
  );
});
