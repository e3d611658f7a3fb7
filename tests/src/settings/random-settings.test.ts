import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { loadConfig, SettingsError } from "../../../server/src/config.ts";
import { supportedSettings, unsupportedSettings } from "../../../server/src/settings/catalogue.ts";
import { emptyFolder, problemsOf, resolveOnly } from "./fixtures.ts";

const settings = [...supportedSettings, ...unsupportedSettings];
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.stringMatching(/^-?[0-9]{1,20}( ?(days|hours|minutes|seconds))?$/),
  fc.constantFrom(
    "true",
    "no",
    "HS512",
    "RS256",
    "EdDSA",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "-----BEGIN PUBLIC KEY-----\\nAAAA",
    "https://id.example/keys",
    '["a","b"]',
    "sliding",
    "myapp.rule",
    "*",
    "sqlite:///",
    "sqlite:a",
    "postgres://a:b@c/d",
    "postgres:///a?host=/b",
    "transaction",
    "__proto__",
    "jti",
    "0",
    "1",
    "Bearer,JWT",
  ),
);
const environmentName = fc.oneof(
  fc.constantFrom(...settings.map((setting) => setting.environmentName)),
  fc.string({ maxLength: 30 }).map((suffix) => `SIMPLE_JWT_${suffix}`),
  fc.string({ maxLength: 30 }).map((suffix) => `EARSHOT_${suffix}`),
);
const secretNames = new Set([
  "SECRET_KEY",
  "SIMPLE_JWT_SIGNING_KEY",
  "DATABASE_URL",
  "SIMPLE_JWT_SECRET_KEY",
  "SIMPLE_JWT_VERIFYING_KEY",
  "SIMPLE_JWT_JWK_URL",
  "EARSHOT_VERIFYING_KEYS",
]);

test("any environment gives a configuration or a list of problems", () => {
  fc.assert(
    fc.property(fc.dictionary(environmentName, anyText, { maxKeys: 12 }), (environment) => {
      const { config, problems } = resolveOnly(undefined, environment);
      assert.equal(config === undefined, problems.length > 0);
      assert.equal(new Set(problems).size, problems.length);
      for (const problem of problems)
        assert.match(problem, /^.+ \((environment|default|\/srv\/earshot\/data\/secret_key)\) .+/s);
    }),
    { numRuns: 1000 },
  );
});

test("any object as a settings file gives a configuration or a list of problems", () => {
  const value = fc.anything({ maxDepth: 2 });
  const group = fc.dictionary(fc.constantFrom(...settings.map(({ name }) => name.replace(/^\w+\./, ""))), value, {
    maxKeys: 6,
  });
  const file = fc.tuple(fc.dictionary(fc.string({ maxLength: 20 }), value, { maxKeys: 3 }), group, group);
  fc.assert(
    fc.property(file, ([strangers, topLevel, simpleJwt]) => {
      const { config, problems } = resolveOnly({ ...strangers, ...topLevel, SIMPLE_JWT: simpleJwt });
      assert.equal(config === undefined, problems.length > 0);
    }),
    { numRuns: 500 },
  );
});

test("no problem shows a secret", () => {
  const secret = fc.stringMatching(/^[a-z]{3}[#?/@:-][A-Z]{12}$/);
  fc.assert(
    fc.property(fc.constantFrom(...secretNames), secret, (name, value) => {
      for (const algorithm of ["HS512", "ES256"]) {
        for (const problem of problemsOf({}, { [name]: value, SIMPLE_JWT_ALGORITHM: algorithm }))
          assert.ok(!problem.includes(value), problem);
      }
    }),
    { numRuns: 300 },
  );
});

test("the loader gives a configuration or throws SettingsError, nothing else", async (context) => {
  const root = await emptyFolder(context);
  await fc.assert(
    fc.asyncProperty(fc.dictionary(environmentName, anyText, { maxKeys: 2 }), async (environment) => {
      // Only this folder may be written to, whatever the other variables say.
      const env = { ...environment, EARSHOT_DATA_DIR: "data", DATABASE_URL: "sqlite::memory:" };
      const outcome: unknown = await loadConfig({ settingsFile: false, root, env }).catch((error: unknown) => error);
      if (!(outcome instanceof Error)) return;
      assert.ok(outcome instanceof SettingsError, outcome.message);
      assert.ok(outcome.problems.length > 0);
      for (const problem of outcome.problems) assert.ok(outcome.message.includes(problem));
    }),
    { numRuns: 500 },
  );
});
