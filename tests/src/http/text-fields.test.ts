import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";

import { member, textMember } from "../contract/json.ts";
import { startConversing } from "../support/conversing.ts";
import { request } from "../support/http.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";
import { asBearer } from "../support/tokens.ts";

const { server, bearer, conversation, message } = await startConversing();

const post = (path: string, body: string, method = "POST") =>
  request(server, method, path, { bearer, headers: { "Content-Type": "application/json" }, body });

/** Each text that a route takes, with what else the route needs. */
const fields: [path: string, name: string, rest: string, method?: string][] = [
  ["/api/token/", "username", '"password":"x"'],
  ["/api/token/", "password", '"username":"x"'],
  ["/api/token/refresh/", "refresh", '"x":1'],
  ["/api/token/verify/", "token", '"x":1'],
  ["/api/token/blacklist/", "refresh", '"x":1'],
  ["/api/messages/", "message_body", `"conversation":"${conversation}"`],
  ["/api/messages/", "client_id", `"conversation":"${conversation}","message_body":"x"`],
  [`/api/conversations/${conversation}/messages/`, "message_body", '"x":1'],
  [`/api/messages/${message}/`, "message_body", '"x":1', "PATCH"],
  [`/api/conversations/${conversation}/messages/${message}/`, "message_body", '"x":1', "PATCH"],
];

describe("each text is checked", () => {
  const wrong: [json: string, text: string | RegExp][] = [
    ['"a\\u0000b"', "Null characters are not allowed."],
    ['"\\ud800"', "Surrogate characters are not allowed: U+D800."],
    ['"x\\udfffy"', "Surrogate characters are not allowed: U+DFFF."],
    ["null", "This field may not be null."],
    ["true", "Not a valid string."],
    ["[]", "Not a valid string."],
    ['{"a":1}', "Not a valid string."],
    ['" \\u00a0\\t "', "This field may not be blank."],
  ];
  for (const [path, name, rest, method] of fields) {
    test(`${name} at ${path.replaceAll(/[0-9a-f-]{36}/g, "…")}`, async () => {
      for (const [json, text] of wrong) {
        const answer = await post(path, `{"${name}":${json},${rest}}`, method);
        assert.equal(answer.status, 400, `${json} ${answer.text}`);
        assert.deepEqual(answer.json, { [name]: [text] });
      }
      for (const json of ["1e400", "-1e400", "-0", "1.0", "1e-400", "123456789012345678901234567890", "0.1e2"]) {
        assertSound(await post(path, `{"${name}":${json},${rest}}`, method), json);
      }
    });
  }
});

describe("a number stands for its text, as it was sent", () => {
  const send = async (json: string, more = "") => {
    const sent = await post("/api/messages/", `{"conversation":"${conversation}","message_body":${json}${more}}`);
    return textMember(sent.json, "message_body");
  };
  test("whole numbers keep every digit", async () => {
    assert.equal(await send("12"), "12");
    assert.equal(await send("-7"), "-7");
    assert.equal(await send("123456789012345678901234567890"), "123456789012345678901234567890");
    assert.equal(await send("9".repeat(5000)), "9".repeat(5000));
  });
  test("a fraction stays one", async () => {
    assert.equal(await send("1.0"), "1.0");
    assert.equal(await send("1.5"), "1.5");
  });
  test("a member of the same name further inside is another one", async () => {
    assert.equal(await send("12", ',"more":{"message_body":5}'), "12");
    assert.equal(await send("12", ',"more":[{"message_body":5}]'), "12");
    assert.equal(await send("1.5", ',"more":{"message_body":5}'), "1.5");
  });
});

test("any text comes back as it was sent, but for the white space around it", async () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, async (message_body) => {
      const json = { conversation, message_body };
      const sent = await request(server, "POST", "/api/messages/", { bearer, json });
      assertSound(sent);
      if (sent.status === 400) return;
      const kept = textMember(sent.json, "message_body");
      assert.ok(message_body.includes(kept) && kept.length >= message_body.trim().length - 4);
      const read = await request(server, "GET", `/api/messages/${textMember(sent.json, "message_id")}/`, { bearer });
      assert.equal(textMember(read.json, "message_body"), kept);
    }),
    { numRuns: 150 },
  );
});

describe("ids in bodies", () => {
  const ids = ["", "x", "0", "null", "' or 1=1", `${conversation}\0`, "é".repeat(36), "-".repeat(36), "x".repeat(9000)];
  const values: unknown[] = [...ids, 0, 1, -1, 1.5, 1e300, true, {}, [[]], [conversation]];
  test("that are none, or nobody's, are answered 400", async () => {
    for (const value of values) {
      const sent = await request(server, "POST", "/api/messages/", {
        bearer,
        json: { conversation: value, message_body: "x" },
      });
      assert.equal(sent.status, 400, JSON.stringify(value));
      assert.ok(Array.isArray(member(sent.json, "conversation")));
      const made = await request(server, "POST", "/api/conversations/", { bearer, json: { participants: [value] } });
      assert.equal(made.status, 400, JSON.stringify(value));
      assertSound(made);
      const other = await request(server, "POST", "/api/conversations/", { bearer, json: { participants: value } });
      assert.equal(other.status, 400, JSON.stringify(value));
    }
  });
  test("thousands of them are refused, and quoted only in part", async () => {
    const participants = Array.from({ length: 20_000 }, (_, index) => `nobody-${index}`);
    const made = await request(server, "POST", "/api/conversations/", { bearer, json: { participants } });
    assert.equal(made.status, 400);
    assert.ok(made.text.length < 1000);
  });
});

test("the server is unharmed", async () => {
  await assertUnharmed(server);
  assert.equal((await asBearer(server, bearer)).status, 200);
});
