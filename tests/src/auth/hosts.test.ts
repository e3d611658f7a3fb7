import assert from "node:assert/strict";
import { after, describe, test } from "node:test";

import { listMember, textMember } from "../contract/json.ts";
import { openConversation, request } from "../support/http.ts";
import { sendRaw, statusesOf } from "../support/raw.ts";
import { startServer } from "../support/server.ts";
import { accessToken, PASSWORD } from "../support/tokens.ts";

const server = await startServer();
after(() => server.close());
const { user_id: alice } = await server.createUser({ username: "alice", password: PASSWORD });
const { user_id: bob } = await server.createUser({ username: "bob" });
const bearer = accessToken(alice);
for (let count = 0; count < 3; count++) await openConversation(server, bearer, [bob]);

const paths: [method: string, path: string][] = [
  ["GET", "/"],
  ["GET", "/api/"],
  ["GET", "/api/conversations/"],
  ["GET", "/api/conversations"],
  ["POST", "/api/token/"],
  ["GET", "/api-auth/login/"],
  ["GET", "/api-auth/logout/"],
  ["GET", "/nowhere"],
  ["GET", "/api/nowhere/"],
  ["OPTIONS", "/api/token/"],
];
const strange = [
  "evil.example",
  "evil.example:8000",
  "127.0.0.1.evil.example",
  "localhost.evil.example",
  "127.0.0.1@evil.example",
  "evil.example#127.0.0.1",
  "127.0.0.1:80:80",
  "127.0.0.1:notaport",
  "[::1",
  "a b",
  "é.example",
  "127.0.0.1/evil.example",
  "127.0.0.1, evil.example",
];

describe("a host that is not ours is not answered", () => {
  for (const host of strange) {
    test(host, async () => {
      for (const [method, path] of paths) {
        const lines = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
        const received = await sendRaw(server, Buffer.from(lines, "latin1"));
        assert.deepEqual(statusesOf(received), [400], `${method} ${path}: ${received.slice(0, 300)}`);
        assert.doesNotMatch(received, /^(location|set-cookie):/im);
      }
    });
  }
  test("no Host", async () => {
    assert.deepEqual(statusesOf(await sendRaw(server, "GET /api/ HTTP/1.1\r\nConnection: close\r\n\r\n")), [400]);
  });
  // RFC 9112, 3.2: what stands before the server may have gone by the other one.
  test("two of them", async () => {
    const two = `Host: ${server.host}\r\nHost: evil.example\r\n`;
    const received = await sendRaw(server, `GET /api/ HTTP/1.1\r\n${two}Connection: close\r\n\r\n`);
    assert.deepEqual(statusesOf(received), [400]);
  });
});

test("loopback names and addresses are answered", async () => {
  for (const host of ["localhost", "LOCALHOST:8000", "127.0.0.1:9999", "[::1]:8000", "192.168.1.2", "a.localhost"]) {
    assert.equal((await request(server, "GET", "/", { headers: { Host: host } })).status, 200, host);
  }
});

test("what a proxy would say of the host changes nothing", async () => {
  const headers = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "javascript",
    "X-Forwarded-For": "1.2.3.4",
    Forwarded: "host=evil.example",
    "X-Original-URL": "/api/nowhere/",
    "X-HTTP-Method-Override": "DELETE",
  };
  const page = await request(server, "GET", "/api/conversations/?page_size=1", { bearer, headers });
  assert.equal(page.status, 200);
  assert.equal(listMember(page.json, "results").length, 1);
  assert.equal(textMember(page.json, "next"), `http://${server.host}/api/conversations/?page=2&page_size=1`);
});

test("a target that names a host leads and links to no other", async () => {
  for (const target of ["/api/conversations", "/api/conversations/?page_size=1"]) {
    const received = await sendRaw(
      server,
      `GET http://evil.example${target} HTTP/1.1\r\nHost: ${server.host}\r\nAuthorization: Bearer ${bearer}\r\nConnection: close\r\n\r\n`,
    );
    const [status = 0] = statusesOf(received);
    assert.ok(status < 500, `${status}`);
    assert.ok(!received.includes("evil.example"), received);
  }
});

test("a redirect to the slash stays on this server", async () => {
  const answer = await request(server, "GET", "/api/conversations?next=//evil.example");
  assert.equal(answer.status, 301);
  assert.equal(answer.header("location"), "/api/conversations/?next=//evil.example");
  for (const path of [
    "//evil.example/api/conversations",
    "//evil.example/..",
    "/\\evil.example",
    "/%2f/evil.example",
  ]) {
    const { status, header } = await request(server, "GET", path);
    assert.equal(status, 404, path);
    assert.equal(header("location"), undefined);
  }
});
