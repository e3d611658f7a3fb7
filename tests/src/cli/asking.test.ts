import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";

import { createWorkplace, earshot, logIn, serve, type ServerProcess, type Workplace } from "../support/cli.ts";
import { openTerminal, whyNoTerminal } from "../support/terminal.ts";

const GOOD = "correct-horse-battery";
const ENTER = "\r";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const UP = "\u001b[A";

describe("commands that ask at a terminal", { skip: whyNoTerminal() ?? false }, () => {
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

  const make = async (name: string) => {
    const { code } = await earshot(workplace, ["createuser", name, "--password-stdin"], { stdin: GOOD });
    assert.equal(code, 0);
  };

  it("createsuperuser asks again until the answers will do, and shows no password", async () => {
    await make("taken");
    const terminal = openTerminal(workplace, ["createsuperuser"]);
    await terminal.answer("Username", `taken${ENTER}`);
    await terminal.answer("Error: A user with that username already exists.", "");
    await terminal.answer("Username", `ada${ENTER}`);
    await terminal.answer("Email address: ", `nowhere${ENTER}`);
    await terminal.answer("Error: Enter a valid email address.", "");
    await terminal.answer("Email address: ", ENTER);
    await terminal.answer("Password: ", `${GOOD}${ENTER}`);
    await terminal.answer("Password (again): ", `another-one${ENTER}`);
    await terminal.answer("Error: Your passwords didn't match.", "");
    await terminal.answer("Password: ", ENTER);
    await terminal.answer("Password (again): ", ENTER);
    await terminal.answer("Error: Blank passwords aren't allowed.", "");
    await terminal.answer("Password: ", `12345${ENTER}`);
    await terminal.answer("Password (again): ", `12345${ENTER}`);
    await terminal.answer("This password is entirely numeric.", "");
    await terminal.answer("Bypass password validation and create user anyway? [y/N]: ", ENTER);
    await terminal.answer("Password: ", `${GOOD}${ENTER}`);
    await terminal.answer("Password (again): ", `${GOOD}${ENTER}`);
    assert.equal(await terminal.ended, 0, terminal.shown());
    assert.match(terminal.shown(), /Superuser created successfully\./);
    assert.ok(!terminal.shown().includes(GOOD));
    assert.ok(!terminal.shown().includes("12345"));
    assert.equal(await logIn(server.url, "ada", GOOD), 200);
  });

  it("createuser takes a weak password from who insists", async () => {
    const terminal = openTerminal(workplace, ["createuser", "bob"]);
    await terminal.answer("Password: ", `12345${ENTER}`);
    await terminal.answer("Password (again): ", `12345${ENTER}`);
    await terminal.answer("[y/N]: ", `y${ENTER}`);
    assert.equal(await terminal.ended, 0, terminal.shown());
    assert.equal(await logIn(server.url, "bob", "12345"), 200);
  });

  it("offers the name of the system's user", async () => {
    const terminal = openTerminal(workplace, ["createsuperuser", "--email", ""]);
    await terminal.answer("(leave blank to use '", "");
    await terminal.answer("'): ", ENTER);
    await terminal.answer("Password: ", `${GOOD}${ENTER}`);
    await terminal.answer("Password (again): ", `${GOOD}${ENTER}`);
    assert.equal(await terminal.ended, 0, terminal.shown());
    const name = /leave blank to use '(\w+)'/.exec(terminal.shown())?.[1] ?? "";
    assert.equal(await logIn(server.url, name, GOOD), 200);
  });

  for (const [key, typed] of [
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
  ] as const) {
    it(`${key} cancels and makes nobody`, async () => {
      const terminal = openTerminal(workplace, ["createuser", "undecided"]);
      await terminal.answer("Password: ", typed);
      assert.equal(await terminal.ended, 1);
      assert.match(terminal.shown(), /Operation cancelled\./);
      assert.equal((await earshot(workplace, ["activateuser", "undecided"])).code, 1);
    });
  }

  it("changepassword gives up after three attempts, and a password is not brought back by the arrow keys", async () => {
    await make("carol");
    const terminal = openTerminal(workplace, ["changepassword", "carol"]);
    await terminal.answer("Password: ", `first-secret${ENTER}`);
    await terminal.answer("Password (again): ", `second-secret${ENTER}`);
    await terminal.answer("Passwords do not match. Please try again.", "");
    await terminal.answer("Password: ", `${UP}password${ENTER}`);
    await terminal.answer("Password (again): ", `password${ENTER}`);
    await terminal.answer("This password is too common.", "");
    await terminal.answer("Password: ", `password${ENTER}`);
    await terminal.answer("Password (again): ", `password${ENTER}`);
    assert.equal(await terminal.ended, 1);
    assert.match(terminal.shown(), /Aborting password change for user 'carol' after 3 attempts/);
    assert.ok(!terminal.shown().includes("secret"));
    assert.equal(await logIn(server.url, "carol", GOOD), 200);
  });

  it("deleteuser deletes who is named, and nobody where the name is not typed", async () => {
    await make("dave");
    const hesitant = openTerminal(workplace, ["deleteuser", "dave"]);
    await hesitant.answer("With the user go:", "");
    await hesitant.answer("Type the user name to delete it: ", `y${ENTER}`);
    assert.equal(await hesitant.ended, 1);
    assert.equal(await logIn(server.url, "dave", GOOD), 200);

    const sure = openTerminal(workplace, ["deleteuser", "dave"]);
    await sure.answer("Type the user name to delete it: ", `dave${ENTER}`);
    assert.equal(await sure.ended, 0, sure.shown());
    assert.equal(await logIn(server.url, "dave", GOOD), 401);
  });

  it("--password-stdin does not let a password be typed in sight", async () => {
    const terminal = openTerminal(workplace, ["createuser", "erin", "--password-stdin"]);
    assert.equal(await terminal.ended, 1);
    assert.match(terminal.shown(), /would show the password/);
  });
});
