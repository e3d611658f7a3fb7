import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";

import { startConversing } from "../support/conversing.ts";
import { detailOf, request } from "../support/http.ts";
import { sendRaw, statusesOf } from "../support/raw.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";

const { server, bearer, conversation, message } = await startConversing();

const routes: ((id: string) => string)[] = [
  (id) => `/api/conversations/${id}/`,
  (id) => `/api/messages/${id}/`,
  (id) => `/api/conversations/${id}/messages/`,
  (id) => `/api/conversations/${conversation}/messages/${id}/`,
  (id) => `/api/conversations/${id}/messages/${message}/`,
];
const methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS"];

describe("an id that is none is not found, or refused as a path", () => {
  const ids = [
    "%00",
    `${conversation}%00`,
    "%",
    "%zz",
    "%f",
    "%ff%fe",
    "%c0%80",
    "%ed%a0%80",
    "%25%30%30",
    "..",
    ".",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "....//",
    "%2f",
    "%5c..%5c",
    "x".repeat(101),
    "x".repeat(8000),
    "a".repeat(36),
    "0",
    "-1",
    "null",
    "__proto__",
    "constructor",
    "'%20or%201=1--",
    "*",
    ":conversation_id",
    "%F0%9F%92%A9",
    `${conversation};x=1`,
    `%20${conversation}`,
    "{}",
    "$conversation",
  ];
  for (const id of ids) {
    test(id.slice(0, 60), async () => {
      for (const path of routes) {
        for (const method of methods) {
          const answer = await request(server, method, path(id), { bearer });
          assertSound(answer, `${method} ${path(id).slice(0, 90)}`);
          if (method === "GET") assert.ok([400, 404].includes(answer.status), `${answer.status} ${path(id)}`);
          assert.ok(!answer.text.includes("hello"));
          if (answer.status === 404 && method !== "HEAD") assert.equal(detailOf(answer), "Not found.");
        }
      }
    });
  }
});

describe("unknown paths", () => {
  const paths = ["/api/nowhere/", "/api//conversations/", "/api/token/refresh/x/", "/api/%2e%2e/", "/api/users/"];
  test("under /api/ are answered in JSON, unless HTML is asked for first", async () => {
    for (const path of paths) {
      for (const Accept of [undefined, "*/*", "application/json", "application/json, text/html", "image/png", "junk"]) {
        const answer = await request(server, "GET", path, { headers: Accept === undefined ? {} : { Accept } });
        assert.equal(answer.status, 404);
        assert.match(answer.header("content-type") ?? "", /^application\/json/);
        assert.equal(detailOf(answer), "Not found.");
      }
      const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
      const page = await request(server, "GET", path, { headers: { Accept: browser } });
      assert.equal(page.status, 404);
      assert.match(page.header("content-type") ?? "", /^text\/html/);
    }
  });
  test("elsewhere are answered with a page that repeats nothing", async () => {
    for (const path of [
      "/nowhere",
      "/apix/",
      "/<script>alert(1)</script>",
      "/%3Cscript%3E",
      "/.env",
      "/../../etc/passwd",
    ]) {
      for (const method of ["GET", "POST", "DELETE", "PROPFIND"]) {
        const answer = await request(server, method, path);
        assert.equal(answer.status, 404);
        assert.match(answer.header("content-type") ?? "", /^text\/html/);
        assert.equal(answer.header("x-content-type-options"), "nosniff");
        assert.ok(!answer.text.includes("script") && !answer.text.includes(".env"));
      }
    }
  });
});

test("targets that no client sends", async () => {
  const targets = ["*", "/api/conversations/\t", "/api/\x7f", "api/", "", "?", "//", "/?%", "/#x", "http://", "/\xff"];
  for (const target of targets) {
    const lines = `OPTIONS ${target} HTTP/1.1\r\nHost: ${server.host}\r\nConnection: close\r\n\r\n`;
    const received = await sendRaw(server, Buffer.from(lines, "latin1"));
    const statuses = statusesOf(received);
    assert.ok(
      statuses.every((status) => status < 500),
      `${target} ${statuses.join()}`,
    );
    assertSound({ status: statuses[0] ?? 400, text: received }, target);
  }
});

test("any path is answered", async () => {
  const piece = fc.oneof(
    fc.constantFrom("api", "conversations", "messages", "token", "refresh", "api-auth", "login", conversation, message),
    fc.constantFrom("", ".", "..", "%", "%00", "%2f", "%ff", ".json", "*", ":id", "~", "\\", ";", "[", "'"),
    fc.webSegment(),
  );
  const path = fc.tuple(fc.array(piece, { maxLength: 7 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...methods, "LOCK"), path, async (method, [pieces, slash]) => {
      const answer = await request(server, method, `/${pieces.join("/")}${slash ? "/" : ""}`, { bearer });
      assertSound(answer);
    }),
    { numRuns: 400 },
  );
});

test("the server is unharmed", () => assertUnharmed(server));
