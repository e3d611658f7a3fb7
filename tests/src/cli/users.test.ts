import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { createWorkplace, earshot, logIn, serve, type ServerProcess, type Workplace } from "../support/cli.ts";

const GOOD = "correct-horse-battery";
const OTHER = "tr0ub4dor-and-three";

describe("users by the command line, while the server runs", () => {
  let workplace: Workplace;
  let server: ServerProcess;

  before(async () => {
    workplace = await createWorkplace();
    server = await serve(workplace);
  });

  after(async () => {
    await server[Symbol.asyncDispose]();
    await workplace[Symbol.asyncDispose]();
  });

  const run = (args: readonly string[], stdin = "") => earshot(workplace, args, { stdin });

  const logInByForm = async (username: string, password: string) => {
    const csrfmiddlewaretoken = "c".repeat(64);
    const response = await fetch(`${server.url}/api-auth/login/`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie: `csrftoken=${csrfmiddlewaretoken}` },
      body: new URLSearchParams({ csrfmiddlewaretoken, username, password }),
    });
    await response.body?.cancel();
    return response.status;
  };

  const make = async (name: string, ...options: readonly string[]) => {
    const { code, err } = await run(["createuser", name, "--password-stdin", ...options], `${GOOD}\n`);
    assert.equal(code, 0, err);
  };

  it("makes a user who can log in at once", async () => {
    const { code, out } = await run(["createuser", "ada", "--password-stdin"], `${GOOD}\n`);
    assert.equal(code, 0);
    assert.equal(out, "User 'ada' created.\n");
    assert.equal(await logIn(server.url, "ada", GOOD), 200);
  });

  it("takes the password as it is, without its one line break", async () => {
    const password = "  spaces count, and ünïcödé ";
    await run(["createuser", "exact", "--password-stdin"], `${password}\r\nanother line`);
    // By the form, which takes passwords as they are; the token endpoint trims them, as the contract has it.
    assert.equal(await logInByForm("exact", password), 302);
    assert.equal(await logInByForm("exact", password.trim()), 200);
  });

  it("makes a user without a password where none is given, and says so", async () => {
    const { code, out } = await run(["createuser", "nopass"]);
    assert.equal(code, 0);
    assert.match(out, /nobody can log in as 'nopass'.*\n.*npx earshot changepassword nopass/);
    assert.equal(await logIn(server.url, "nopass", ""), 400);
  });

  it("refuses passwords with the texts of Django's validators, and makes nobody", async () => {
    const { code, err } = await run(["createuser", "weak", "--password-stdin"], "12345\n");
    assert.equal(code, 1);
    assert.match(err, /This password is too short\. It must contain at least 8 characters\./);
    assert.match(err, /This password is too common\.\nThis password is entirely numeric\./);
    assert.equal((await run(["createuser", "weak", "--password-stdin"], `${GOOD}\n`)).code, 0);
  });

  it("refuses a password like the name or the address", async () => {
    const like = await run(["createuser", "margarete", "--password-stdin"], "margarete1\n");
    assert.match(like.err, /The password is too similar to the username\./);
    const address = ["createuser", "someone", "--email", "margarete@example.org", "--password-stdin"];
    assert.match((await run(address, "margarete1\n")).err, /The password is too similar to the email address\./);
  });

  for (const [what, stdin] of [
    ["empty", ""],
    ["a blank line", "\n"],
    ["not UTF-8", Buffer.from([0xff, 0xfe, 0x31, 0x0a])],
    ["longer than any password", "x".repeat(20_000)],
  ] as const) {
    it(`refuses a password on standard input that is ${what}`, async () => {
      const { code, err } = await earshot(workplace, ["createuser", "nobody", "--password-stdin"], { stdin });
      assert.equal(code, 1);
      assert.match(err, /^Error: .+\n.+/);
      assert.doesNotMatch(err, /\n {4}at /);
    });
  }

  it("refuses names that are taken or none, and addresses that are none, all at once", async () => {
    await make("taken", "--email", "taken@example.org");
    const again = await run(["createuser", "taken", "--email", "taken@example.org"]);
    assert.equal(again.code, 1);
    assert.match(again.err, /A user with that username already exists\.\n.*A user with that email already exists\./);
    const odd = await run(["createuser", "a/b", "--email", "nowhere"]);
    assert.match(odd.err, /Enter a valid username\..*\n.*Enter a valid email address\./);
  });

  it("makes a user who cannot log in before activateuser", async () => {
    await make("later", "--inactive");
    assert.equal(await logIn(server.url, "later", GOOD), 401);
    assert.equal((await run(["activateuser", "later"])).code, 0);
    assert.equal(await logIn(server.url, "later", GOOD), 200);
  });

  it("shuts a user out, tokens in use included", async () => {
    await make("mallory");
    const response = await fetch(`${server.url}/api/token/`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "mallory", password: GOOD }),
    });
    const { access } = Object(await response.json());
    const ask = async () =>
      (await fetch(`${server.url}/api/conversations/`, { headers: { authorization: `Bearer ${access}` } })).status;
    assert.equal(await ask(), 200);
    assert.equal((await run(["deactivateuser", "mallory"])).code, 0);
    assert.equal(await ask(), 401);
    assert.equal(await logIn(server.url, "mallory", GOOD), 401);
  });

  it("changes a password", async () => {
    await make("grace");
    const { code, out } = await run(["changepassword", "grace", "--password-stdin"], `${OTHER}\n`);
    assert.equal(code, 0);
    assert.match(out, /Password changed successfully for user 'grace'\n$/);
    assert.equal(await logIn(server.url, "grace", GOOD), 401);
    assert.equal(await logIn(server.url, "grace", OTHER), 200);
  });

  it("leaves the old password where the new one is refused", async () => {
    await make("lin");
    const { code, err } = await run(["changepassword", "lin", "--password-stdin"], "password\n");
    assert.equal(code, 1);
    assert.match(err, /This password is too common\./);
    assert.equal(await logIn(server.url, "lin", GOOD), 200);
  });

  it("deletes nobody unasked, and with --yes the user and the name", async () => {
    await make("gone");
    const unasked = await run(["deleteuser", "gone"]);
    assert.equal(unasked.code, 1);
    assert.match(unasked.err, /npx earshot deleteuser gone --yes/);
    assert.equal(await logIn(server.url, "gone", GOOD), 200);
    assert.equal((await run(["deleteuser", "gone", "--yes"])).code, 0);
    assert.equal(await logIn(server.url, "gone", GOOD), 401);
    await make("gone");
  });

  for (const command of ["activateuser", "deactivateuser", "changepassword", "deleteuser"]) {
    it(`${command} of nobody says that there is no such user`, async () => {
      const { code, err } = await run([command, "noone"]);
      assert.equal(code, 1);
      assert.match(err, /^Error: user 'noone' does not exist\n.+/);
    });
  }

  describe("createsuperuser --noinput", () => {
    const create = (args: readonly string[], env: Readonly<Record<string, string>>) =>
      earshot(workplace, ["createsuperuser", "--noinput", ...args], { env });

    it("takes everything from the environment", async () => {
      const { code, out } = await create([], {
        EARSHOT_SUPERUSER_USERNAME: "root",
        EARSHOT_SUPERUSER_EMAIL: "root@example.org",
        EARSHOT_SUPERUSER_PASSWORD: GOOD,
      });
      assert.equal(code, 0);
      assert.equal(out, "Superuser created successfully.\n");
      assert.equal(await logIn(server.url, "root", GOOD), 200);
    });

    it("lets options win over the environment", async () => {
      await create(["--username", "chosen"], {
        EARSHOT_SUPERUSER_USERNAME: "unchosen",
        EARSHOT_SUPERUSER_PASSWORD: GOOD,
      });
      assert.equal(await logIn(server.url, "chosen", GOOD), 200);
      assert.equal(await logIn(server.url, "unchosen", GOOD), 401);
    });

    it("refuses without a name", async () => {
      const { code, err } = await create([], { EARSHOT_SUPERUSER_PASSWORD: GOOD });
      assert.equal(code, 1);
      assert.match(err, /You must use --username with --noinput\./);
    });

    it("refuses a weak password", async () => {
      const { code, err } = await create(["--username", "weakroot"], { EARSHOT_SUPERUSER_PASSWORD: "password" });
      assert.equal(code, 1);
      assert.match(err, /This password is too common\./);
    });

    it("says what to do where the user got no password", async () => {
      const { code, out } = await create(["--username", "keyless"], {});
      assert.equal(code, 0);
      assert.match(out, /npx earshot changepassword keyless/);
    });
  });

  it("asks nobody where there is no terminal", async () => {
    const { code, err } = await run(["createsuperuser"]);
    assert.equal(code, 1);
    assert.match(err, /no terminal.*\n.*--noinput/);
  });
});
