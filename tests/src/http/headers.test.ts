import assert from "node:assert/strict";
import { METHODS } from "node:http";
import { describe, test } from "node:test";

import { startConversing } from "../support/conversing.ts";
import { request } from "../support/http.ts";
import { sendRaw, statusesOf } from "../support/raw.ts";
import { assertSound, assertUnharmed } from "../support/sound.ts";

const { server, bearer } = await startConversing();
const LIST = "/api/conversations/";

const raw = (headers: string, line = `GET ${LIST} HTTP/1.1`) =>
  sendRaw(server, Buffer.from(`${line}\r\nHost: ${server.host}\r\n${headers}Connection: close\r\n\r\n`, "latin1"));

describe("header floods", () => {
  const floods: Record<string, string> = {
    "one of 100 kB": `X-Long: ${"x".repeat(100_000)}\r\n`,
    "a name of 100 kB": `${"x".repeat(100_000)}: 1\r\n`,
    "10,000 of them": "X-Many: 1\r\n".repeat(10_000),
    "a cookie of 100 kB": `Cookie: sessionid=${"x".repeat(100_000)}\r\n`,
  };
  for (const [name, headers] of Object.entries(floods)) {
    test(name, async () => assert.deepEqual(statusesOf(await raw(headers)), [431]));
  }
  test("1,500 short ones, or a target of 20 kB, are answered in some way", async () => {
    const [many = 0] = statusesOf(await raw("X: 1\r\n".repeat(1500)));
    assert.ok(many === 401 || many === 431, `${many}`);
    const [long = 0] = statusesOf(await raw("", `GET ${LIST}?search=${"x".repeat(20_000)} HTTP/1.1`));
    assert.ok(long >= 400 && long < 500, `${long}`);
  });
  test("thousands of cookies and media types within the limit", async () => {
    const cookies = Array.from({ length: 1500 }, (_, index) => `c${index}=1`).join("; ");
    assertSound(await request(server, "GET", LIST, { headers: { Cookie: cookies } }));
    const Accept = "a/b;q=0.1,".repeat(1400);
    assertSound(await request(server, "GET", LIST, { bearer, headers: { Accept } }));
  });
});

describe("odd headers", () => {
  const odd: [name: string, values: string[]][] = [
    [
      "Accept",
      ["", ",", ";", "/", "*", "*/json", "text", "text/html;", "application/json; indent=1e9", "a/b".repeat(99)],
    ],
    ["Accept", ["application/json; indent=-1", "application/json; indent=99999", "application/json; indent=NaN"]],
    [
      "Authorization",
      ["", "Bearer", "Bearer ", "Bearer a b", "bearer x", "Basic Og==", "Bearer \xff", `Bearer ${"x".repeat(9000)}`],
    ],
    [
      "Authorization",
      ["Bearer ..", "Bearer .", "Bearer null", "Bearer undefined", "Bearer [object Object]", "\tBearer\tx"],
    ],
    ["Cookie", ["=", ";", "sessionid", "sessionid=", "a=b; a=c", "__proto__=1", "sessionid=%E0%A4%A", "\xff=\xff"]],
    ["X-CSRFToken", ["", "x".repeat(9000), "\xff"]],
    ["Origin", ["", "null", "x", "http://", "http://[", "\xff"]],
    ["Range", ["bytes=0-1", "bytes=9-1", "x"]],
    ["If-None-Match", ["*", '"x"']],
    ["Expect", ["100-continue"]],
    ["Upgrade", ["websocket", "h2c"]],
    ["Content-Length", ["0", "00"]],
    ["TE", ["trailers, deflate;q=0.5"]],
    ["Accept-Language", ["x".repeat(3000)]],
    ["Accept-Encoding", ["gzip, br, x"]],
  ];
  for (const [name, values] of odd) {
    test(`${name}: ${values[1] ?? values[0]}`, async () => {
      for (const value of values) {
        for (const line of [`GET ${LIST} HTTP/1.1`, "GET /api-auth/login/ HTTP/1.1", "GET /api/nowhere/ HTTP/1.1"]) {
          const received = await raw(`${name}: ${value}\r\n`, line);
          const status = statusesOf(received).at(-1) ?? 0;
          assertSound({ status, text: received }, `${name}: ${value.slice(0, 40)}`);
        }
      }
    });
  }
  test("an Expect that nobody fulfils is refused", async () => {
    const { status } = await request(server, "GET", LIST, { headers: { Expect: "200-maybe" } });
    assert.equal(status, 417);
  });
});

describe("methods", () => {
  test("those that are known and not served are answered 405, with what is served", async () => {
    for (const method of METHODS) {
      if (["CONNECT", "GET", "HEAD", "POST", "OPTIONS"].includes(method)) continue;
      const answer = await request(server, method, LIST, { bearer });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.header("allow"), "GET, POST, HEAD, OPTIONS");
      const nobody = await request(server, method, LIST);
      assert.equal(nobody.status, 401, method);
      const page = await request(server, method, "/api-auth/login/", { headers: { "Content-Type": "text/plain" } });
      assert.equal(page.status, 405, method);
    }
  });
  test("those that nobody knows are no HTTP", async () => {
    for (const method of ["FOO", "get", "GETT", "G E T", "GET\0", "\xff"]) {
      const received = await raw("", `${method} ${LIST} HTTP/1.1`);
      assert.deepEqual(statusesOf(received), [400], JSON.stringify(method));
      assertSound({ status: 400, text: received });
    }
  });
  test("CONNECT opens no tunnel", async () => {
    const received = await sendRaw(server, `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${server.host}\r\n\r\n`);
    assert.ok(
      statusesOf(received).every((status) => status >= 400 && status < 500),
      received,
    );
  });
  test("other versions of the protocol", async () => {
    for (const version of ["HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.1x", "ICY/1.0", ""]) {
      const received = await raw("", `GET ${LIST} ${version}`);
      assertSound({ status: statusesOf(received)[0] ?? 400, text: received }, version);
    }
  });
});

test("the server is unharmed", () => assertUnharmed(server));
