import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { textMember } from "../contract/json.ts";
import { startConversing } from "../support/conversing.ts";
import { detailOf, request } from "../support/http.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";

const { server, bearer, bob, conversation } = await startConversing();
const JSON_TYPE = { "Content-Type": "application/json" };
const routes = ["/api/token/", "/api/token/refresh/", "/api/conversations/", "/api/messages/"];

const post = (path: string, body: Buffer | string) =>
  request(server, "POST", path, { bearer, headers: JSON_TYPE, body });

describe("what is no JSON is answered 400, with where and without what", () => {
  const bodies: Record<string, Buffer | string> = {
    "100,000 open brackets": "[".repeat(100_000),
    "100,000 brackets, closed": "[".repeat(60_000) + "]".repeat(60_000),
    "100,000 open objects": '{"a":'.repeat(20_000),
    "objects nested deep, closed": `${'{"a":'.repeat(15_000)}1${"}".repeat(15_000)}`,
    "deep inside a member": `{"username":"a","password":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
    "a byte order mark": "\ufeff{}",
    "bytes that are no UTF-8": Buffer.from('{"username":"\xff\xfe"}', "latin1"),
    "an overlong encoding": Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
    "an encoded surrogate": Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
    UTF16: Buffer.from('{"username":"a"}', "utf16le"),
    NaN: '{"username":NaN}',
    Infinity: '{"username":-Infinity}',
    "single quotes": "{'username':'marker'}",
    "a trailing comma": '{"username":"marker",}',
    "a comment": '{"username":"marker"}//',
    "two values": '{"username":"marker"}{}',
    "an open text": '{"username":"marker',
    "a raw line feed in a text": '{"username":"mar\nker"}',
    "a leading zero": '{"username":01}',
    "a plus": '{"username":+1}',
    "a NUL": "\0",
    blank: " \n ",
  };
  for (const [name, body] of Object.entries(bodies)) {
    test(name, async () => {
      for (const path of routes) {
        const answer = await post(path, body);
        assert.equal(answer.status, 400, answer.text.slice(0, 200));
        assert.match(detailOf(answer), /^JSON parse error - /);
        assert.ok(!answer.text.includes("marker"));
        assertSound(answer);
      }
    });
  }
});

test("what is JSON and no object is told apart", async () => {
  for (const [body, type] of [
    ["[]", "list"],
    ['"a"', "str"],
    ["1", "int"],
    ["1.5", "float"],
    ["true", "bool"],
  ]) {
    for (const path of routes) {
      const answer = await post(path, body ?? "");
      assert.equal(answer.status, 400);
      assert.deepEqual(answer.json, {
        non_field_errors: [`Invalid data. Expected a dictionary, but got ${type}.`],
      });
    }
  }
  assert.deepEqual((await post("/api/token/", "null")).json, { non_field_errors: ["No data provided"] });
});

test("members with a prototype's names are members like any other", async () => {
  const odd = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then", "toJSON"];
  for (const name of odd) {
    for (const value of ['{"is_superuser":true,"username":"a"}', "null", '"x"', "[1]"]) {
      for (const path of routes) {
        const answer = await post(path, `{"${name}":${value}}`);
        assert.equal(answer.status, 400, `${name} ${value}`);
        assert.ok(!answer.text.includes(name));
        assertSound(answer);
      }
    }
  }
  const given = `{"__proto__":{"message_body":"inherited"},"conversation":"${conversation}"}`;
  assert.deepEqual((await post("/api/messages/", given)).json, { message_body: ["This field is required."] });
  assert.equal((await post("/api/token/", '{"__proto__":{"username":"a","password":"b"}}')).status, 400);
});

test("of a member that stands twice the last counts", async () => {
  const sent = await post(
    "/api/messages/",
    `{"message_body":"first","conversation":"${conversation}","message_body":"last"}`,
  );
  assert.equal(textMember(sent.json, "message_body"), "last");
});

test("members that nobody asks for change nothing", async () => {
  const extra = {
    sender: bob,
    sender_id: bob,
    seq: 1,
    message_id: bob,
    sent_at: "2000-01-01T00:00:00Z",
    role: "admin",
  };
  const sent = await post("/api/messages/", JSON.stringify({ conversation, message_body: "mine", ...extra }));
  assert.equal(sent.status, 201);
  assert.ok(!sent.text.includes(bob) && !sent.text.includes("2000-01-01"));
  const participants = { participants: [bob], role: "admin", created_at: "2000-01-01T00:00:00Z", conversation_id: bob };
  const made = await post("/api/conversations/", JSON.stringify(participants));
  assert.notEqual(textMember(made.json, "conversation_id"), bob);
});

test("an empty body has no members", async () => {
  for (const path of routes) {
    const answer = await request(server, "POST", path, { bearer });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /This field is required/);
  }
});

test("the server is unharmed", () => assertUnharmed(server));
