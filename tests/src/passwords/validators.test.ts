import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { passwordProblems } from "../../../server/src/passwords/validators.ts";

const TOO_SHORT = "This password is too short. It must contain at least 8 characters.";
const TOO_COMMON = "This password is too common.";
const NUMERIC = "This password is entirely numeric.";
const tooSimilarTo = (attribute: string) => `The password is too similar to the ${attribute}.`;

const NOBODY = { username: "", email: "", first_name: "", last_name: "" };
const ADA = {
  username: "ada_lovelace",
  email: "countess@analytical-engine.example",
  first_name: "Augusta Ada",
  last_name: "King-Noël",
};

function problemsOf(password: string, user: Partial<typeof ADA>): string[] {
  return passwordProblems(password, { ...NOBODY, ...user });
}

/** What `validate_password` of Django 3.2.25 and 5.2.17 says to these passwords of Ada's. */
const DJANGO_ANSWERS: [password: string, problems: string[]][] = [
  ["correct horse battery staple", []],
  ["", [TOO_SHORT]],
  ["short", [TOO_SHORT]],
  ["ada_lovelace", [tooSimilarTo("username")]],
  ["Ada_Lovelace1", [tooSimilarTo("username")]],
  ["lovelace_ada", [tooSimilarTo("username")]],
  ["COUNTESS1", [tooSimilarTo("email address")]],
  ["analytical", [tooSimilarTo("email address")]],
  ["engine.analytical", [tooSimilarTo("email address")]],
  ["augusta1", [tooSimilarTo("first name")]],
  ["atsugua", [tooSimilarTo("first name"), TOO_SHORT]],
  ["king-noël", [tooSimilarTo("last name")]],
  ["noel-king1", [tooSimilarTo("last name")]],
  ["NOËL-KING", [tooSimilarTo("last name")]],
  ["password", [TOO_COMMON]],
  ["PassWord1", [TOO_COMMON]],
  [" \tpassword1\u00a0\u001f", [TOO_COMMON]],
  ["\ufeffpassword1", []],
  ["qwertyuiop", [TOO_COMMON]],
  ["12345678", [TOO_COMMON, NUMERIC]],
  ["8675309123", [NUMERIC]],
  ["٣٤٥٦٧٨٩٠١", [NUMERIC]],
  ["²²²²²²²²", [NUMERIC]],
  ["⅕⅕⅕⅕⅕⅕⅕⅕", []],
  ["Ⅷ1234567", []],
  ["1234567", [TOO_SHORT, TOO_COMMON, NUMERIC]],
  ["𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠", [NUMERIC]],
  ["😀😀😀😀", [TOO_SHORT]],
  ["😀😀😀😀😀😀😀", [TOO_SHORT]],
  ["😀😀😀😀😀😀😀😀", []],
  ["examplecountess", []],
  ["countess@analytical-engine.example", [tooSimilarTo("email address")]],
  ["aaaaaaaa", [TOO_COMMON]],
  ["1234 5678", []],
  ["iloveyou", [TOO_COMMON]],
  ["letmein1", [TOO_COMMON]],
  ["a".repeat(100), []],
];

describe("the rules for new passwords", () => {
  for (const [password, problems] of DJANGO_ANSWERS) {
    it(`say what Django says to ${JSON.stringify(password)}`, () => {
      assert.deepEqual(passwordProblems(password, ADA), problems);
    });
  }

  it("compare with the user the password is for, as Django does", () => {
    assert.deepEqual(problemsOf("xk7!qq", { username: "u" }), [TOO_SHORT]);
    assert.deepEqual(problemsOf("abcdefgh", { username: "abcdefgh-x" }), [tooSimilarTo("username"), TOO_COMMON]);
    assert.deepEqual(problemsOf("jane.doe1", { username: "zz", email: "jane@doe.example" }), []);
    assert.deepEqual(problemsOf("ΟΔΟΣΟΔΟΣ", { username: "οδοσοδος" }), [tooSimilarTo("username")]);
    assert.deepEqual(problemsOf("e\u0301toile9", { last_name: "étoile" }), [tooSimilarTo("last name")]);
  });

  it("find a common password in any case and with space around it, and only as a whole line", () => {
    assert.deepEqual(passwordProblems("  QWERTYUIOP\n", NOBODY), [TOO_COMMON]);
    assert.deepEqual(passwordProblems("qwertyuiop qwertyuiop", NOBODY), []);
    assert.deepEqual(passwordProblems("aaaaaaaa\naaaaaaaa1", NOBODY), []);
    assert.deepEqual(passwordProblems("wertyuio", NOBODY), []);
  });

  it("refuse more than 4096 bytes, and say nothing else", () => {
    assert.deepEqual(passwordProblems("7".repeat(4096), NOBODY), [NUMERIC]);
    assert.deepEqual(passwordProblems("7".repeat(4097), NOBODY), [
      "This password is too long. It must contain at most 4096 bytes.",
    ]);
  });

  it("refuse text that UTF-8 cannot encode", () => {
    assert.deepEqual(passwordProblems("correct horse \ud83d", NOBODY), [
      "This password contains surrogate characters, which are not allowed.",
    ]);
  });
});
