import assert from "node:assert/strict";
import { test } from "node:test";

import type { Hooks, HookUser } from "../../../server/src/settings/simple-jwt-hooks.ts";
import { createTokenHooks, HookFailed } from "../../../server/src/tokens/hooks.ts";
import { configOf } from "../settings/fixtures.ts";

const DEADLINE_MS = 30;
const USER: HookUser = {
  user_id: "7",
  username: "alice",
  email: "",
  first_name: "",
  last_name: "",
  role: "guest",
  is_active: true,
  is_staff: false,
  is_superuser: false,
};

function hooksWith(given: Partial<Hooks>) {
  const errors: object[] = [];
  const { jwt } = configOf({});
  const log = { error: (details: object) => void errors.push(details), warn: () => {}, info: () => {} };
  const hooks = createTokenHooks({
    settings: { ...jwt, hooks: { ...jwt.hooks, ...given } },
    log,
    deadlineMs: DEADLINE_MS,
  });
  return { hooks, errors };
}

const never = () => new Promise<never>(() => {});

test("a function that never answers is given up, and told in the log", async () => {
  const { hooks, errors } = hooksWith({
    userAuthenticationRule: never,
    onLoginSuccess: never,
    onLoginFailed: never,
    claims: never,
  });
  await assert.rejects(hooks.allow(USER), HookFailed);
  await assert.rejects(hooks.loginSucceeded(USER), HookFailed);
  await assert.rejects(hooks.claims(USER), HookFailed);
  await hooks.loginFailed("alice");
  assert.equal(errors.length, 4);
});

test("one that fails after it was given up is heard no more", async () => {
  let fail = () => {};
  const late = new Promise<boolean>((_, reject) => {
    fail = () => reject(new Error("too late"));
  });
  const { hooks, errors } = hooksWith({ userAuthenticationRule: () => late });
  await assert.rejects(hooks.allow(USER), HookFailed);
  fail();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(errors.length, 1);
});

test("where there is none, nothing is asked and nobody looked up", async () => {
  const { hooks } = hooksWith({});
  assert.deepEqual([hooks.askAboutLogin, hooks.askAboutRefresh], [false, false]);
  assert.equal(await hooks.allow(USER), true);
  assert.equal((await hooks.claims(USER)).size, 0);
});
