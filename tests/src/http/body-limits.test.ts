import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { startConversing } from "../support/conversing.ts";
import { detailOf, request } from "../support/http.ts";
import { sendRaw, statusesOf } from "../support/raw.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";

const { server, bearer, conversation } = await startConversing();
const KILO = 1024;
const MEGA = KILO * KILO;

/** Each route that takes a body, with its limit in bytes. */
const routes: [method: string, path: string, limit: number][] = [
  ["POST", "/api/token/", 128 * KILO],
  ["POST", "/api/token/refresh/", 128 * KILO],
  ["POST", "/api/token/verify/", 128 * KILO],
  ["POST", "/api/token/blacklist/", 128 * KILO],
  ["POST", "/api/conversations/", MEGA],
  ["PUT", `/api/conversations/${conversation}/`, MEGA],
  ["POST", "/api/messages/", MEGA],
  ["POST", `/api/conversations/${conversation}/messages/`, MEGA],
  ["POST", "/api-auth/login/", MEGA],
  ["POST", "/api-auth/logout/", MEGA],
];

const types = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=b",
  "text/plain",
];

describe("a body over the limit is refused with 413", () => {
  for (const [method, path, limit] of routes) {
    test(`${method} ${path}, whatever its type`, async () => {
      for (const type of types) {
        const answer = await request(server, method, path, {
          bearer,
          headers: { "Content-Type": type },
          body: Buffer.alloc(limit + 1, "a"),
        });
        assert.equal(answer.status, 413, `${type} ${answer.text.slice(0, 100)}`);
        if (path.startsWith("/api/")) assert.equal(detailOf(answer), "Request body is too large.");
      }
    });

    test(`${method} ${path}, sent in chunks without a length`, async () => {
      const head =
        `${method} ${path} HTTP/1.1\r\nHost: ${server.host}\r\nAuthorization: Bearer ${bearer}\r\n` +
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
      const chunk = `${(16 * KILO).toString(16)}\r\n${"[".repeat(16 * KILO)}\r\n`;
      const body = chunk.repeat(Math.ceil((limit + 1) / (16 * KILO)));
      const received = await sendRaw(server, `${head}${body}0\r\n\r\n`);
      assert.equal(statusesOf(received)[0], 413, received.slice(0, 300));
    });
  }
  test("a length that is only announced is refused before the body is sent", async () => {
    const received = await sendRaw(
      server,
      `POST /api/token/ HTTP/1.1\r\nHost: ${server.host}\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n`,
    );
    assert.equal(statusesOf(received)[0], 413, received.slice(0, 300));
  });
});

test("a body of just the limit is read", async () => {
  const json = JSON.stringify({ username: "nobody", password: "wrong" });
  const body = json + " ".repeat(128 * KILO - json.length);
  const answer = await request(server, "POST", "/api/token/", {
    headers: { "Content-Type": "application/json" },
    body,
  });
  assert.equal(answer.status, 401);
  const text = JSON.stringify({ conversation, message_body: "x", more: "x".repeat(MEGA - 200) });
  const sent = await request(server, "POST", "/api/messages/", {
    bearer,
    headers: { "Content-Type": "application/json" },
    body: text,
  });
  assertSound(sent);
  assert.equal(sent.status, 201);
});

test("a message has a longest text, counted in characters", async () => {
  const send = (message_body: string) =>
    request(server, "POST", "/api/messages/", {
      bearer,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation, message_body }),
    });
  assert.equal((await send("😀".repeat(65_536))).status, 201);
  const refused = await send("x".repeat(65_537));
  assert.equal(refused.status, 400);
  assert.deepEqual(refused.json, { message_body: ["Ensure this field has no more than 65536 characters."] });
});

test("who may not write is told so before the size is", async () => {
  const body = Buffer.alloc(MEGA + 1, "a");
  const headers = { "Content-Type": "application/json" };
  assert.equal((await request(server, "POST", "/api/messages/", { headers, body })).status, 401);
});

test("compressed bodies are not unpacked", async () => {
  const headers = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
  const body = Buffer.from("H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==", "base64");
  assert.equal((await request(server, "POST", "/api/token/", { headers, body })).status, 400);
});

test("the server is unharmed", () => assertUnharmed(server));
