import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { startConversing } from "../support/conversing.ts";
import { detailOf, request } from "../support/http.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";

const { server, bearer, conversation } = await startConversing();
const routes = ["/api/token/", "/api/token/refresh/", "/api/conversations/", "/api/messages/"];
const FORM = "application/x-www-form-urlencoded";
const post = (path: string, type: string, body: Buffer | string) =>
  request(server, "POST", path, { bearer, headers: { "Content-Type": type }, body });

describe("forms with odd members", () => {
  const bodies: Record<string, string> = {
    "broken escapes": "username=%&password=%zz%f",
    "bytes that are no UTF-8": "username=%ff%fe&password=%c0%80",
    "only signs": "&&&===&&",
    "a prototype's names": "__proto__=1&constructor=2&toString=3&__proto__[username]=a",
    "Python's and PHP's brackets": "username[]=a&username[0]=b&username.x=c",
    "a NUL": "username=%00&refresh=%00&message_body=%00",
  };
  for (const [name, body] of Object.entries(bodies)) {
    test(name, async () => {
      for (const path of routes) {
        const answer = await post(path, FORM, body);
        assert.ok(answer.status === 400 || answer.status === 401, `${answer.status}`);
        assertSound(answer);
      }
    });
  }
  test("10,000 members are refused", async () => {
    const body = Array.from({ length: 10_000 }, (_, index) => `a${index}=1`).join("&");
    for (const path of routes) {
      const answer = await post(path, FORM, body);
      assert.equal(answer.status, 400);
      assert.equal(detailOf(answer), "The form has too many fields.");
    }
    assertSound(await post("/api-auth/login/", FORM, body));
  });
  test("the last of several counts", async () => {
    const body = `message_body=first&conversation=${conversation}&message_body=last`;
    assert.match((await post("/api/messages/", FORM, body)).text, /"message_body":"last"/);
  });
});

const BOUNDARY = "----a-boundary-as-browsers-make-it";
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
const part = (head: string, body = "x", boundary = BOUNDARY) => `--${boundary}\r\n${head}\r\n\r\n${body}\r\n`;
const end = (boundary = BOUNDARY) => `--${boundary}--\r\n`;
const nameOf = (name: string) => `Content-Disposition: form-data; name="${name}"`;

describe("multipart forms", () => {
  const text = nameOf("message_body");
  const broken: [type: string, body: string][] = [
    ["multipart/form-data", part(text)],
    ["multipart/form-data; boundary=", part(text)],
    ["multipart/form-data; boundary=another-boundary-as-browsers-make-it", part(text) + end()],
    [`multipart/form-data; boundary=${"x".repeat(5000)}`, part(text) + end()],
    [MULTIPART, "x"],
    [MULTIPART, `--${BOUNDARY}`],
    [MULTIPART, part(text)],
    [MULTIPART, part("no colon at all") + end()],
    [MULTIPART, part("Content-Disposition: form-data") + end()],
    [MULTIPART, part('Content-Disposition: form-data; name="a') + end()],
    [MULTIPART, `--${BOUNDARY}\r\n${"X: y\r\n".repeat(18_000)}\r\nx\r\n${end()}`],
    [MULTIPART, `--${BOUNDARY}\r\n`.repeat(3000)],
  ];
  test("that are none are answered 400", async () => {
    for (const [type, body] of broken) {
      for (const path of routes) {
        const answer = await post(path, type, body);
        assert.equal(answer.status, 400, `${type.slice(0, 60)} ${body.slice(0, 40)} ${answer.text}`);
        assertSound(answer);
      }
    }
  });
  test("odd names and files are members that nobody asked for", async () => {
    const odd = [
      nameOf("__proto__"),
      nameOf(""),
      nameOf("../../x"),
      `${nameOf("message_body")}; filename="../../../etc/passwd"`,
      `${nameOf("x")}\r\nContent-Type: text/html; charset=utf-16`,
    ];
    const fields = odd.map((head) => part(head)).join("");
    const answer = await post("/api/messages/", MULTIPART, fields + end());
    assert.equal(answer.status, 400);
    assertSound(answer);
  });
  test("more than 1,000 members are refused", async () => {
    const fields = Array.from({ length: 5000 }, (_, index) => part(nameOf(`a${index}`), ""));
    const answer = await post("/api/messages/", MULTIPART, fields.join("") + end());
    assert.equal(detailOf(answer), "The form has too many fields.");
  });
  // RFC 2046, 5.1.1: up to 70 characters; Django's test client sends the second, Perl's libwww the third.
  for (const boundary of [
    BOUNDARY,
    "BoUnDaRyStRiNg",
    "xYzZY",
    "XX",
    "===============7330845974216740156==",
    "x".repeat(70),
  ]) {
    test(`that are good are taken, with the boundary ${boundary.slice(0, 40)}`, async () => {
      const fields = part(nameOf("conversation"), conversation, boundary) + part(text, "hello", boundary);
      const type = `multipart/form-data; boundary="${boundary}"`;
      const answer = await post("/api/messages/", type, fields + end(boundary));
      assert.equal(answer.status, 201, answer.text);
    });
  }
});

test("types that are not read are answered 415, odd ones without harm", async () => {
  const types = ["text/plain", "application/xml", "application/json5", "application/jsonx", "image/svg+xml", "x/y"];
  for (const path of routes) {
    for (const type of types) {
      const answer = await post(path, type, "{}");
      assert.equal(answer.status, 415, type);
      assert.equal(detailOf(answer), `Unsupported media type "${type}" in request.`);
    }
    for (const type of ["", "application", "/", ";", "application/json/x", "*/*", "é", '"', `a/${"b".repeat(4000)}`]) {
      const answer = await post(path, type, "{}");
      assert.equal(answer.status, 415, `${type} ${answer.text}`);
      assertSound(answer);
    }
    for (const type of [
      "application/json; charset=utf-16",
      "APPLICATION/JSON",
      "application/json;;;",
      "application/json; a",
    ]) {
      assertSound(await post(path, type, "{}"), type);
    }
  }
});

test("the server is unharmed", () => assertUnharmed(server));
