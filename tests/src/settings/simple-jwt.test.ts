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
  assert.deepEqual([supported.length, unsupportedSettings.length], [16, 20]);
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
    const fromFile = onlyProblemOf({ SIMPLE_JWT: { [key]: "myapp.Thing" } });
    assert.ok(fromFile.startsWith(`${name} (earshot.settings.ts) is not supported: `), fromFile);
    assert.match(fromFile, /leave it out/);
    const fromEnvironment = onlyProblemOf({}, { [environmentName]: "myapp.Thing" });
    assert.ok(fromEnvironment.startsWith(`${environmentName} (environment) is not supported: `), fromEnvironment);
  }
  assert.match(onlyProblemOf({ SIMPLE_JWT: { VERIFYING_KEY: "hunter2" } }), /verified with the key that signs them/);
  assert.match(onlyProblemOf({ SIMPLE_JWT: { CHECK_REVOKE_TOKEN: true } }), /no password hash into tokens/);
  assert.match(onlyProblemOf({ SIMPLE_JWT: { CHECK_USER_IS_ACTIVE: false } }), /inactive users are always refused/);
  assert.match(onlyProblemOf({ SIMPLE_JWT: { SLIDING_TOKEN_LIFETIME: { minutes: 6 } } }), /set ACCESS_TOKEN_LIFETIME/);
  assert.doesNotMatch(onlyProblemOf({ SIMPLE_JWT: { VERIFYING_KEY: "hunter2" } }), /hunter2/);
});

test("simplejwt's defaults are taken from the environment too", () => {
  assert.deepEqual(
    problemsOf(
      {},
      {
        SIMPLE_JWT_CHECK_REVOKE_TOKEN: "False",
        SIMPLE_JWT_SLIDING_TOKEN_LIFETIME: "5 minutes",
        SIMPLE_JWT_AUTH_TOKEN_CLASSES: "rest_framework_simplejwt.tokens.AccessToken",
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

test("an algorithm is one of three, in any case", () => {
  assert.equal(configOf({ SIMPLE_JWT: { ALGORITHM: "hs512" } }).jwt.algorithm, "HS512");
  for (const algorithm of ["RS256", "ES256", "none", "HS1024", "", null, 256]) {
    assert.match(
      onlyProblemOf({ SIMPLE_JWT: { ALGORITHM: algorithm } }),
      /this release signs with HS256, HS384 or HS512$/,
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

test("the key that signs is at least as long as the hash and not a PEM key", () => {
  for (const [algorithm, bytes] of [
    ["HS256", 32],
    ["HS384", 48],
    ["HS512", 64],
  ] as const) {
    const short = { ALGORITHM: algorithm, SIGNING_KEY: "0123456789abcdef".repeat(4).slice(0, bytes - 1) };
    const enough = { ...short, SIGNING_KEY: "0123456789abcdef".repeat(4).slice(0, bytes) };
    assert.deepEqual(problemsOf({ SIMPLE_JWT: enough }), []);
    const problem = onlyProblemOf({ SIMPLE_JWT: short });
    assert.ok(problem.startsWith(`SIMPLE_JWT.SIGNING_KEY (earshot.settings.ts) has ${bytes - 1} bytes`), problem);
    assert.ok(!problem.includes(short.SIGNING_KEY));
    assert.match(
      onlyProblemOf({ SECRET_KEY: short.SIGNING_KEY, SIMPLE_JWT: { ALGORITHM: algorithm } }),
      /^SECRET_KEY \(earshot\.settings\.ts\) has/,
    );
  }
  const pem = `-----BEGIN PRIVATE KEY-----\n${"A".repeat(80)}`;
  assert.match(onlyProblemOf({}, { SIMPLE_JWT_SIGNING_KEY: pem }), /is a PEM key/);
  assert.match(
    onlyProblemOf({ SIMPLE_JWT: { SIGNING_KEY: null } }),
    /^SIMPLE_JWT\.SIGNING_KEY .* is null; write a long random text/,
  );
  assert.match(onlyProblemOf({ SECRET_KEY: "" }), /^SECRET_KEY .* is empty; write a long random text, or leave it out/);
});

test("a key counts in bytes of UTF-8, not in characters", () => {
  assert.deepEqual(problemsOf({ SIMPLE_JWT: { SIGNING_KEY: "äöüßéèêë".repeat(2) } }), []);
});

test("claims have names, none that means something else, and each its own", () => {
  for (const name of ["USER_ID_CLAIM", "TOKEN_TYPE_CLAIM", "JTI_CLAIM"]) {
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
